// The strongest singular vectors of a large sparse matrix, by a randomised subspace iteration (Halko, Martinsson &
// Tropp, SIAM Review 2011). Over documents it is latent semantic analysis, over co-occurrences it makes word vectors.

import type { Random } from "../../../src/core/random";
import type { Algebra } from "./algebra";
import type { Pace } from "./pacing";
import { transpose, type SparseMatrix } from "./sparse-matrix";
import { symmetricEigen } from "./symmetric-eigen";

export interface TruncatedSvd {
  /** columns × rank, row-major: right singular vectors, the strongest first; 0 where the matrix has no more. */
  readonly axes: Float32Array;
  /** Singular values, descending. */
  readonly strengths: Float64Array;
}

/** Directions followed beyond the wanted ones, which makes the last of these exact enough. */
const SURPLUS = 12;

/**
 * @param rank a multiple of 4.
 * @param iterations passes over the matrix and back; more of them follow a slowly falling spectrum closer.
 */
export async function truncatedSvd(
  matrix: SparseMatrix,
  rank: number,
  iterations: number,
  random: Random,
  algebra: Algebra,
  pace: Pace,
): Promise<TruncatedSvd> {
  const most = Math.min(matrix.rows, matrix.columns);
  const dims = Math.min(rank + SURPLUS, Math.max(4, 4 * Math.ceil(most / 4)));
  const turned = transpose(matrix);
  let places: Float32Array = new Float32Array(matrix.rows * dims);
  for (let at = 0; at < places.length; at++) places[at] = random.normal();
  for (let iteration = 0; ; iteration++) {
    // Twice, since rounding leaves the first result short of orthonormal where the spectrum is steep.
    places = await orthonormalise(places, dims, algebra, pace);
    places = await orthonormalise(places, dims, algebra, pace);
    const spread = await algebra.multiply(turned, places, dims, pace);
    if (iteration === iterations) return rotateToSingular(spread, dims, rank, algebra, pace);
    places = await algebra.multiply(matrix, spread, dims, pace);
  }
}

/** By the inverse Cholesky factor of the Gram matrix. Directions that are not there come out near 0. */
async function orthonormalise(
  places: Float32Array,
  dims: number,
  algebra: Algebra,
  pace: Pace,
): Promise<Float32Array> {
  const factor = await algebra.gram(places, dims, pace);
  let trace = 0;
  for (let dim = 0; dim < dims; dim++) trace += factor[dim * dims + dim]!;
  // Fewer rows than dims leave the Gram matrix singular; this keeps the surplus directions from being blown up.
  const jitter = 1e-9 * trace || 1;
  for (let one = 0; one < dims; one++)
    for (let two = 0; two <= one; two++) {
      let sum = factor[one * dims + two]! + (one === two ? jitter : 0);
      for (let dim = 0; dim < two; dim++) sum -= factor[one * dims + dim]! * factor[two * dims + dim]!;
      factor[one * dims + two] =
        one === two ? Math.sqrt(Math.max(sum, jitter)) : sum / factor[two * dims + two]!;
    }
  return algebra.turn(places, dims, invertLower(factor, dims), dims, pace);
}

function invertLower(factor: Float64Array, dims: number): Float64Array {
  const inverse = new Float64Array(dims * dims);
  for (let column = 0; column < dims; column++)
    for (let row = column; row < dims; row++) {
      let sum = row === column ? 1 : 0;
      for (let at = column; at < row; at++) sum -= factor[row * dims + at]! * inverse[at * dims + column]!;
      inverse[row * dims + column] = sum / factor[row * dims + row]!;
    }
  return inverse;
}

/** With orthonormal places Q the matrix is close to Q · spreadᵀ, whose singular vectors the small Gram matrix has. */
async function rotateToSingular(
  spread: Float32Array,
  dims: number,
  rank: number,
  algebra: Algebra,
  pace: Pace,
): Promise<TruncatedSvd> {
  const { values, vectors } = await symmetricEigen(await algebra.gram(spread, dims, pace), dims, pace);
  const strengths = Float64Array.from({ length: rank }, (_, at) => Math.sqrt(Math.max(0, values[at] ?? 0)));
  // A direction a ten-thousandth as strong as the first holds rounding errors only.
  const floor = 1e-4 * (strengths[0] ?? 0);
  const turn = new Float64Array(rank * dims);
  for (let to = 0; to < rank; to++)
    if (strengths[to]! > floor)
      for (let from = 0; from < dims; from++)
        turn[to * dims + from] = vectors[from * dims + to]! / strengths[to]!;
  return { axes: await algebra.turn(spread, dims, turn, rank, pace), strengths };
}
