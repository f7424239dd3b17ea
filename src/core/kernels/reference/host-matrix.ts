// The matrix of the reference kernels: the caller's values, copied, in plain memory.

import { coincidence, type ResidentMatrix } from "../kernels";

export interface HostMatrix extends ResidentMatrix {
  readonly values: Float32Array;
}

export function innerProduct({ values, dims }: HostMatrix, left: number, right: number): number {
  let sum = 0;
  for (let k = 0; k < dims; k++) sum += values[left * dims + k]! * values[right * dims + k]!;
  return sum;
}

/** Squared Euclidean distance of two rows; 0 where they coincide (see `coincidence`). */
export function squaredDistance(matrix: HostMatrix, left: number, right: number): number {
  const { values, dims } = matrix;
  let sum = 0;
  for (let k = 0; k < dims; k++) sum += (values[left * dims + k]! - values[right * dims + k]!) ** 2;
  const norms = innerProduct(matrix, left, left) + innerProduct(matrix, right, right);
  return sum <= coincidence * norms ? 0 : sum;
}

/** Squared Euclidean distance of a row to row `at` of `points`, row-major. */
export function squaredDistanceTo(
  { values, dims }: HostMatrix,
  row: number,
  points: Float32Array | Float64Array,
  at = 0,
): number {
  let sum = 0;
  for (let k = 0; k < dims; k++) sum += (values[row * dims + k]! - points[at * dims + k]!) ** 2;
  return sum;
}

export function meanOf({ values, dims }: HostMatrix, rows: ArrayLike<number>): Float64Array {
  const mean = new Float64Array(dims);
  for (let at = 0; at < rows.length; at++)
    for (let k = 0; k < dims; k++) mean[k]! += values[rows[at]! * dims + k]! / rows.length;
  return mean;
}

/** Ascending, so that the first of equals is the lowest row. */
export function ascending(rows: Uint32Array): number[] {
  return Array.from(rows).sort((a, b) => a - b);
}
