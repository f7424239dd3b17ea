// Weighted sums of the rows of one dense matrix, for many texts at once: in WebAssembly where it may run, in plain
// JavaScript where not. Both agree up to the order of summation.

import { createSparseProducts } from "../../compute/wasm/sparse-products";

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
      project(indices, values, dense, dims, product.subarray(at * dims, (at + 1) * dims)),
    );
    return product;
  };
}

/** Adds the weighted rows to `place` (length dims). Four a pass: fewer reads and writes. */
function project(
  columns: Uint32Array,
  weights: Float32Array,
  axes: Float32Array,
  dims: number,
  place: Float32Array,
): void {
  const whole = columns.length - (columns.length % 4);
  for (let at = 0; at < whole; at += 4) {
    const one = columns[at]! * dims;
    const two = columns[at + 1]! * dims;
    const three = columns[at + 2]! * dims;
    const four = columns[at + 3]! * dims;
    const w1 = weights[at]!;
    const w2 = weights[at + 1]!;
    const w3 = weights[at + 2]!;
    const w4 = weights[at + 3]!;
    for (let dim = 0; dim < dims; dim++)
      place[dim]! +=
        w1 * axes[one + dim]! + w2 * axes[two + dim]! + w3 * axes[three + dim]! + w4 * axes[four + dim]!;
  }
  for (let at = whole; at < columns.length; at++) {
    const base = columns[at]! * dims;
    const weight = weights[at]!;
    for (let dim = 0; dim < dims; dim++) place[dim]! += weight * axes[base + dim]!;
  }
}
