// Finds the directions in which a sample of feature rows varies most, by a randomised subspace iteration
// (Halko, Martinsson & Tropp, SIAM Review 2011). For text this is latent semantic analysis, for images PCA.

import { type StopSignal, throwIfStopped } from "../../../src/core/errors";
import type { Random } from "../../../src/core/random";

/** The non-zero entries of one row. */
export interface SparseRow {
  readonly columns: Uint32Array;
  readonly weights: Float32Array;
}

/**
 * One iteration, on purpose: a second follows the sample's strongest directions closer and measured up to 2.5
 * points worse on 100 labels (AG News: 72.5 with none, 75.2 with one, 72.7 with two).
 */
const ITERATIONS = 1;

/**
 * Share of a plain random projection mixed in, relative to the length of a learnt row: far too small to be seen
 * beside learnt features, yet it keeps apart items that consist of features the sample never showed.
 */
const RANDOM_SHARE = 0.05;

/**
 * `columns` × `dims`, row-major: multiply a feature row by it to get the row's place in the subspace. Works for
 * any number of rows, none included (then it is a random projection). Deterministic under `random`.
 */
export async function principalAxes(
  rows: readonly SparseRow[],
  columns: number,
  dims: number,
  random: Random,
  stop: StopSignal | null,
): Promise<Float32Array> {
  const places = new Float32Array(rows.length * dims);
  for (let at = 0; at < places.length; at++) places[at] = random.normal();
  const axes = new Float32Array(columns * dims);
  orthonormalise(places, rows.length, dims);
  spread(rows, places, axes, dims);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    await breathe(stop);
    places.fill(0);
    for (let row = 0; row < rows.length; row++)
      project(rows[row]!, axes, dims, places.subarray(row * dims, (row + 1) * dims));
    await breathe(stop);
    orthonormalise(places, rows.length, dims);
    axes.fill(0);
    spread(rows, places, axes, dims);
  }
  await breathe(stop);
  finishAxes(axes, columns, dims, random);
  return axes;
}

/** Adds the row's place in the subspace to `place` (length dims). */
export function project(row: SparseRow, axes: Float32Array, dims: number, place: Float32Array): void {
  for (let at = 0; at < row.columns.length; at++) {
    const base = row.columns[at]! * dims;
    const weight = row.weights[at]!;
    for (let dim = 0; dim < dims; dim++) place[dim]! += weight * axes[base + dim]!;
  }
}

/** Adds the transposed rows times `places` to `axes`. */
function spread(rows: readonly SparseRow[], places: Float32Array, axes: Float32Array, dims: number): void {
  for (let row = 0; row < rows.length; row++) {
    const { columns, weights } = rows[row]!;
    const place = places.subarray(row * dims, (row + 1) * dims);
    for (let at = 0; at < columns.length; at++) {
      const base = columns[at]! * dims;
      const weight = weights[at]!;
      for (let dim = 0; dim < dims; dim++) axes[base + dim]! += weight * place[dim]!;
    }
  }
}

/** Makes the columns of `places` (rows × dims) orthonormal in place, by the Cholesky factor of their Gram matrix. */
function orthonormalise(places: Float32Array, rows: number, dims: number): void {
  const factor = new Float64Array(dims * dims);
  for (let row = 0; row < rows; row++)
    for (let one = 0; one < dims; one++) {
      const value = places[row * dims + one]!;
      for (let two = 0; two <= one; two++) factor[one * dims + two]! += value * places[row * dims + two]!;
    }
  let trace = 0;
  for (let dim = 0; dim < dims; dim++) trace += factor[dim * dims + dim]!;
  // Fewer rows than dims leave the Gram matrix singular; the surplus columns come out near 0 instead of NaN.
  const jitter = 1e-6 * trace || 1;
  for (let one = 0; one < dims; one++)
    for (let two = 0; two <= one; two++) {
      let sum = factor[one * dims + two]! + (one === two ? jitter : 0);
      for (let dim = 0; dim < two; dim++) sum -= factor[one * dims + dim]! * factor[two * dims + dim]!;
      factor[one * dims + two] =
        one === two ? Math.sqrt(Math.max(sum, jitter)) : sum / factor[two * dims + two]!;
    }
  for (let row = 0; row < rows; row++)
    for (let one = 0; one < dims; one++) {
      let sum = places[row * dims + one]!;
      for (let dim = 0; dim < one; dim++) sum -= factor[one * dims + dim]! * places[row * dims + dim]!;
      places[row * dims + one] = sum / factor[one * dims + one]!;
    }
}

/** Gives every axis unit length, whatever its spread in the sample, and mixes the random share in. */
function finishAxes(axes: Float32Array, columns: number, dims: number, random: Random): void {
  const lengths = new Float64Array(dims);
  for (let at = 0; at < axes.length; at++) lengths[at % dims]! += axes[at]! ** 2;
  let longest = 0;
  for (let dim = 0; dim < dims; dim++) longest = Math.max(longest, (lengths[dim] = Math.sqrt(lengths[dim]!)));
  // An axis a thousand times shorter than the longest holds rounding errors only.
  for (let dim = 0; dim < dims; dim++) lengths[dim] = Math.max(lengths[dim]!, longest / 1000) || 1;
  const noise = RANDOM_SHARE / Math.sqrt(columns);
  for (let at = 0; at < axes.length; at++)
    axes[at] = axes[at]! / lengths[at % dims]! + (random.next() < 0.5 ? noise : -noise);
}

/** Lets a message that says stop arrive: a synchronous loop would never see it. */
async function breathe(stop: StopSignal | null): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  throwIfStopped(stop);
}
