// Products of rows with one held matrix, in WebAssembly where the browser has it and in plain JavaScript where not;
// both agree up to the order of summation.

import { createDenseProducts } from "../../compute/wasm/dense-products";

export interface DenseAlgebra {
  /** Takes a matrix, length × columns row-major, for the products to come. */
  hold(right: Float32Array, length: number, columns: number): void;
  /** Takes rows of `length` instead, one after the other, whose inner products are wanted. */
  holdRows(rows: Float32Array, length: number): void;
  /** Rows of `length` numbers times what is held, row-major. */
  multiply(rows: Float32Array): Float32Array;
}

export async function openDenseAlgebra(): Promise<DenseAlgebra> {
  // A saved page may not be allowed WebAssembly, and old browsers lack its SIMD.
  return (await createDenseProducts().catch(() => null)) ?? plainDenseAlgebra();
}

/** The same in plain JavaScript. */
export function plainDenseAlgebra(): DenseAlgebra {
  let held: Float32Array = new Float32Array(0);
  let length = 1;
  let columns = 0;
  return {
    hold(right, lengthOfRight, count) {
      [held, length, columns] = [right, lengthOfRight, count];
    },
    holdRows(rows, lengthOfRows) {
      [length, columns] = [lengthOfRows, rows.length / lengthOfRows];
      held = Float32Array.from(rows, (_, at) => rows[(at % columns) * length + Math.floor(at / columns)]!);
    },
    multiply(rows) {
      const products = new Float32Array((rows.length / length) * columns);
      for (let row = 0; row < rows.length / length; row++) {
        const own = products.subarray(row * columns, (row + 1) * columns);
        for (let at = 0; at < length; at++) {
          const value = rows[row * length + at]!;
          for (let column = 0; column < columns; column++)
            own[column]! += value * held[at * columns + column]!;
        }
      }
      return products;
    },
  };
}
