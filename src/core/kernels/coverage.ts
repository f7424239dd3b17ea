// Greedy coverage: choosing few rows that stand for many. Shared by the strategies that spread their picks.

import { throwIfStopped, type StopSignal } from "../errors";

/**
 * Turns inner products of rows of length 1 into RBF similarities exp(−‖x − y‖² / h²), 0 to 1, in place.
 * @param lengthScale h; the farthest two rows of length 1 can be apart is 2.
 */
export function toSimilarities(products: Float32Array, lengthScale: number): Float32Array {
  const scale = 2 / (lengthScale * lengthScale);
  // Rounding can lift the product of a row with itself above 1.
  for (let at = 0; at < products.length; at++)
    products[at] = Math.exp(Math.min(0, products[at]! - 1) * scale);
  return products;
}

export interface Coverage {
  /** candidates × targets, row-major, 0 to 1. */
  readonly similarities: Float32Array;
  readonly candidates: number;
  /** How much each target matters; its length is the number of targets. */
  readonly weights: Float32Array;
  /** How well each target is covered already, 0 to 1. */
  readonly covered: Float32Array;
}

/**
 * Greedily maximises Σ_j weight_j · max_{i chosen} similarity_ij, which is monotone and submodular, so that the
 * result is within 1 − 1/e of the best (Nemhauser, Wolsey and Fisher 1978). Gains are recomputed only when they
 * could win (Minoux 1978); the result is the same.
 * @returns indices of candidates in order of choice, with the gain of each. Ties go to the lowest index.
 * @throws Stopped when told to stop.
 */
export function coverGreedily(
  { similarities, candidates, weights, covered }: Coverage,
  count: number,
  stop: StopSignal | null,
): { chosen: number[]; gains: number[] } {
  const targets = weights.length;
  const best = Float32Array.from(covered);
  const gainOf = (candidate: number) => {
    let gain = 0;
    for (let to = 0, at = candidate * targets; to < targets; to++, at++) {
      const more = similarities[at]! - best[to]!;
      if (more > 0) gain += weights[to]! * more;
    }
    return gain;
  };
  // Gains only shrink as targets get covered, so an old gain bounds the present one from above.
  const bounds = Float64Array.from({ length: candidates }, () => Infinity);
  const freshAt = new Int32Array(candidates).fill(-1);
  const chosen: number[] = [];
  const gains: number[] = [];
  while (chosen.length < count) {
    throwIfStopped(stop);
    let winner = indexOfHighest(bounds);
    while (freshAt[winner] !== chosen.length) {
      bounds[winner] = gainOf(winner);
      freshAt[winner] = chosen.length;
      winner = indexOfHighest(bounds);
    }
    chosen.push(winner);
    gains.push(bounds[winner]!);
    bounds[winner] = -Infinity;
    for (let to = 0, at = winner * targets; to < targets; to++, at++) {
      if (similarities[at]! > best[to]!) best[to] = similarities[at]!;
    }
  }
  return { chosen, gains };
}

function indexOfHighest(values: Float64Array): number {
  let highest = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[highest]!) highest = at;
  return highest;
}
