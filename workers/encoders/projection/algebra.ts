// The heavy products behind a decomposition, in WebAssembly where the browser has it and in plain JavaScript where
// not; both agree up to the order of summation.

import { plainProducts, type LinearProducts } from "../../../src/core/learning/linear-products";
import { createLinearProducts } from "../../compute/wasm/linear-products";
import { createSparseProducts, type SparseProducts } from "../../compute/wasm/sparse-products";
import type { Pace } from "./pacing";
import { multiply as multiplyPlainly, type SparseMatrix } from "./sparse-matrix";

export interface Algebra {
  /** rows × dims: the matrix times `dense` (columns × dims, row-major; dims a multiple of 4). */
  multiply(matrix: SparseMatrix, dense: Float32Array, dims: number, pace: Pace): Promise<Float32Array>;
  /** dims × dims: placesᵀ · places, of rows × dims. */
  gram(places: Float32Array, dims: number, pace: Pace): Promise<Float64Array>;
  /** rows × wanted: places (rows × dims) · turnᵀ, with turn wanted × dims. */
  turn(
    places: Float32Array,
    dims: number,
    turn: Float64Array,
    wanted: number,
    pace: Pace,
  ): Promise<Float32Array>;
}

/** Rows taken at a time, so that memory stays small and a stop is heard. */
const blockRows = 512;
const blockEntries = 1 << 17;

export async function openAlgebra(): Promise<Algebra> {
  if (!hasSimd()) return createAlgebra(plainProducts, null);
  const [linear, sparse] = await Promise.all([createLinearProducts(), createSparseProducts()]);
  return createAlgebra(linear, sparse);
}

/** The same in plain JavaScript. */
export function plainAlgebra(): Algebra {
  return createAlgebra(plainProducts, null);
}

/** A module of one function that uses a 128-bit number. */
function hasSimd(): boolean {
  const bytes = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
    11,
  ];
  return WebAssembly.validate(Uint8Array.from(bytes));
}

function createAlgebra(linear: LinearProducts, sparse: SparseProducts | null): Algebra {
  return {
    async multiply(matrix, dense, dims, pace) {
      if (!sparse) return multiplyPlainly(matrix, dense, dims, pace);
      const product = new Float32Array(matrix.rows * dims);
      sparse.hold(dense, dims);
      for (let from = 0; from < matrix.rows;) {
        let to = from + 1;
        while (to < matrix.rows && matrix.offsets[to]! - matrix.offsets[from]! < blockEntries) to++;
        sparse.multiply(matrix, from, to, product);
        from = to;
        await pace();
      }
      return product;
    },
    async gram(places, dims, pace) {
      const gradient = new Float64Array(dims * (dims + 1));
      for (let row = 0; row * dims < places.length; row += blockRows) {
        const block = places.subarray(row * dims, (row + blockRows) * dims);
        linear.addGradient(block, block.length / dims, dims, dims, Float64Array.from(block), gradient);
        await pace();
      }
      return gradient.slice(0, dims * dims);
    },
    async turn(places, dims, turn, wanted, pace) {
      const rows = places.length / dims;
      const turned = new Float32Array(rows * wanted);
      const point = new Float64Array(wanted * (dims + 1));
      point.set(turn);
      for (let row = 0; row < rows; row += blockRows) {
        const block = places.subarray(row * dims, (row + blockRows) * dims);
        const logits = new Float64Array((block.length / dims) * wanted);
        linear.fillLogits(block, block.length / dims, dims, wanted, point, logits);
        turned.set(logits, row * wanted);
        await pace();
      }
      return turned;
    },
  };
}
