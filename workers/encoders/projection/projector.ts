// Weighted sums of the rows of one dense matrix, for many texts at once: in WebAssembly where it may run, in plain
// JavaScript where not. Both agree up to the order of summation.

import { createSparseProducts } from "../../compute/wasm/sparse-products";
import { project } from "./principal-axes";

/** Which rows of the dense matrix to add up, and how much of each. */
export interface WeightedRows {
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** rows × dims: for each one given the sum it asks for. */
export type Projector = (rows: readonly WeightedRows[]) => Float32Array;

/** @param dense any number of rows of `dims`, a multiple of 4. */
export async function openProjector(dense: Float32Array, dims: number): Promise<Projector> {
  // A saved page may not be allowed WebAssembly, and old browsers lack its SIMD.
  const products = await createSparseProducts().catch(() => null);
  if (!products) return plainProjector(dense, dims);
  products.hold(dense, dims);
  const columns = dense.length / dims;
  return (rows) => {
    const offsets = new Uint32Array(rows.length + 1);
    rows.forEach(({ indices }, at) => (offsets[at + 1] = offsets[at]! + indices.length));
    const total = offsets[rows.length]!;
    const entries = { indices: new Uint32Array(total), values: new Float32Array(total) };
    rows.forEach((row, at) => {
      entries.indices.set(row.indices, offsets[at]);
      entries.values.set(row.values, offsets[at]);
    });
    const product = new Float32Array(rows.length * dims);
    products.multiply({ rows: rows.length, columns, offsets, ...entries }, 0, rows.length, product);
    return product;
  };
}

/** The same in plain JavaScript. */
export function plainProjector(dense: Float32Array, dims: number): Projector {
  return (rows) => {
    const product = new Float32Array(rows.length * dims);
    rows.forEach(({ indices, values }, at) =>
      project(
        { columns: indices, weights: values },
        dense,
        dims,
        product.subarray(at * dims, (at + 1) * dims),
      ),
    );
    return product;
  };
}
