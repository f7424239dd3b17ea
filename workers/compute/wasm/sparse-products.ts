// The product of a sparse matrix with a dense one in WebAssembly: the dense one is copied once, the sparse one goes
// through in blocks of rows.

import { compileModule, startModule } from "./instance";

/** The entries that are not 0, row by row (CSR); see workers/encoders/projection/sparse-matrix.ts. */
interface Entries {
  readonly rows: number;
  readonly columns: number;
  readonly offsets: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

export interface SparseProducts {
  /** Takes `dense`, columns × dims with dims a multiple of 4, for the products to come. */
  hold(dense: Float32Array, dims: number): void;
  /** Writes rows `from` … `to` − 1 of the product into `product`, the whole one, rows × dims. */
  multiply(matrix: Entries, from: number, to: number, product: Float32Array): void;
}

const pageBytes = 65536;

/** Rejects where there is no WebAssembly with SIMD. Its memory lives as long as what is returned. */
export async function createSparseProducts(): Promise<SparseProducts> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
  const wasm = await startModule(await compileModule(), memory);
  const dense = pageBytes;
  let dims = 0;
  let free = dense;

  function reach(end: number): void {
    const missing = Math.ceil(end / pageBytes) - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
  }

  return {
    hold(values, dimsOfValues) {
      if (dimsOfValues % 4 !== 0) throw new RangeError(`${dimsOfValues} dimensions are no multiple of 4.`);
      dims = dimsOfValues;
      free = dense + values.byteLength;
      reach(free);
      new Float32Array(memory.buffer, dense, values.length).set(values);
    },
    multiply({ offsets, indices, values }, from, to, product) {
      const rows = to - from;
      const [start, end] = [offsets[from]!, offsets[to]!];
      const offsetsAt = free;
      const indicesAt = offsetsAt + 4 * (rows + 1);
      const valuesAt = indicesAt + 4 * (end - start);
      const productAt = 16 * Math.ceil((valuesAt + 4 * (end - start)) / 16);
      reach(productAt + 4 * rows * dims);
      const counted = new Int32Array(memory.buffer, offsetsAt, rows + 1);
      for (let row = 0; row <= rows; row++) counted[row] = offsets[from + row]! - start;
      new Uint32Array(memory.buffer, indicesAt, end - start).set(indices.subarray(start, end));
      new Float32Array(memory.buffer, valuesAt, end - start).set(values.subarray(start, end));
      wasm.multiplySparse(rows, offsetsAt, indicesAt, valuesAt, dense, dims, productAt);
      product.set(new Float32Array(memory.buffer, productAt, rows * dims), from * dims);
    },
  };
}
