// Products of many rows with one held matrix in float32: the projection of every image's features, and the inner
// products from which the axes of that projection come.

import { compileModule, startModule } from "./instance";

export interface DenseProducts {
  /** Takes `right`, length × columns row-major, for the products to come. */
  hold(right: Float32Array, length: number, columns: number): void;
  /** Takes rows of `length` instead, whose inner products are wanted. */
  holdRows(rows: Float32Array, length: number): void;
  /** Rows (of `length` numbers) times what is held, row-major. */
  multiply(rows: Float32Array): Float32Array;
}

const pageBytes = 65536;
/** Rows multiplied at a time, and beyond them the tile that is written whole. */
const rowsPerBlock = 64;
const tileRows = 8;

/** Rejects where there is no WebAssembly with SIMD. Its memory lives as long as what is returned. */
export async function createDenseProducts(): Promise<DenseProducts> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
  const wasm = await startModule(await compileModule(), memory);
  const packed = pageBytes;
  let length = 0;
  let columns = 0;
  /** `columns`, rounded up to a multiple of 4. */
  let width = 0;

  function reach(end: number): void {
    const missing = Math.ceil(end / pageBytes) - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
  }

  function place(values: Float32Array, lengthOfValues: number, count: number): number {
    if (values.length !== lengthOfValues * count)
      throw new RangeError(`${values.length} values do not make ${lengthOfValues} rows of ${count}.`);
    [length, columns, width] = [lengthOfValues, count, 4 * Math.ceil(count / 4)];
    const given = packed + 4 * length * width;
    reach(given + values.byteLength);
    new Float32Array(memory.buffer, given, values.length).set(values);
    wasm.layOut(given, length, 0, 0, 0, 0);
    return given;
  }

  return {
    hold(right, lengthOfRight, count) {
      const given = place(right, lengthOfRight, count);
      wasm.packColumns(given, length, columns, packed);
    },
    holdRows(rows, lengthOfRows) {
      const given = place(rows, lengthOfRows, rows.length / lengthOfRows);
      wasm.packRows(0, given, columns, packed);
    },
    multiply(rows) {
      const count = rows.length / length;
      const answer = new Float32Array(count * columns);
      const given = packed + 4 * length * width;
      const products = given + 4 * rowsPerBlock * length;
      reach(products + 4 * (rowsPerBlock + tileRows) * width);
      wasm.layOut(given, length, 0, 0, 0, 0);
      for (let from = 0; from < count; from += rowsPerBlock) {
        const block = rows.subarray(from * length, (from + rowsPerBlock) * length);
        new Float32Array(memory.buffer, given, block.length).set(block);
        wasm.multiplyBlock(0, 0, block.length / length, packed, width, products);
        const found = new Float32Array(memory.buffer, products, (block.length / length) * width);
        for (let row = 0; row < block.length / length; row++)
          answer.set(found.subarray(row * width, row * width + columns), (from + row) * columns);
      }
      return answer;
    },
  };
}
