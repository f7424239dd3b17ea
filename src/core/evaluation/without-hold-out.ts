// How good a model is where the hold-out is small or missing: estimates that each assume something, and say
// what. All of accuracy; all guesses but for the ones named otherwise.

import type { Random } from "../random";
import type { Estimate } from "../round";
import { bootstrap, wilson } from "./interval";

const z = 1.959963984540054;

export interface AssumedEstimate {
  readonly id: "out-of-fold" | "lure" | "prediction-powered" | "atc";
  readonly label: string;
  /** A sentence: when it can be believed. */
  readonly assumes: string;
  readonly estimate: Estimate;
}

/** @param right 1 for each labelled item whose answer the head gives without having learnt from it. */
export function outOfFold(right: ArrayLike<number>): AssumedEstimate | null {
  if (right.length === 0) return null;
  return {
    id: "out-of-fold",
    label: "Out of fold",
    assumes:
      "Assumes that the items asked about are like the rest. They were chosen to be hard, so it mostly comes out too low.",
    estimate: wilson(sumOf(right), right.length),
  };
}

/** One answered question: whether the head is wrong on it, and the chance it had of being the next one drawn. */
export interface DrawnLoss {
  /** 0 or 1, from a head that has not learnt from this item. */
  readonly loss: number;
  /** Of being picked among what was left then; more than 0. */
  readonly chance: number;
}

/**
 * LURE, the levelled unbiased risk estimator (Farquhar, Gal and Rainforth, On Statistical Bias in Active Learning,
 * 2021): R = mean of v_m · loss_m, v_m = 1 + (N − M) / (N − m) · (1 / ((N − m + 1) · q_m) − 1), for the m-th of M
 * questions out of N items. The interval is normal, from the spread of v_m · loss_m.
 * @param losses in the order asked.
 */
export function lure(losses: readonly DrawnLoss[], items: number): AssumedEstimate | null {
  const count = losses.length;
  if (count < 2 || items < count) return null;
  const weighted = losses.map(({ loss, chance }, at) => {
    const left = items - at;
    const weight = left === 1 ? 1 : 1 + ((items - count) / (left - 1)) * (1 / (left * chance) - 1);
    return weight * loss;
  });
  const mean = sumOf(weighted) / count;
  const variance = weighted.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count - 1);
  const half = z * Math.sqrt(variance / count);
  return {
    id: "lure",
    label: "Weighted by chance (LURE)",
    assumes:
      "Assumes that the chance of every question was known. Only the random slice has one worth the name, so it rests on those answers.",
    estimate: within(1 - mean, half, count),
  };
}

/**
 * Prediction-powered estimate (Angelopoulos et al. 2023; the tuned form, PPI++): λ · mean confidence of the pool +
 * mean of (right − λ · confidence) on the random slice, λ chosen for the smallest variance. Holds whatever the
 * confidence is worth; the interval is normal.
 */
export function predictionPowered(
  right: ArrayLike<number>,
  confidence: ArrayLike<number>,
  poolConfidence: ArrayLike<number>,
): AssumedEstimate | null {
  const count = right.length;
  if (count < 10 || poolConfidence.length < 2) return null;
  const meanRight = sumOf(right) / count;
  const meanConfidence = sumOf(confidence) / count;
  const meanPool = sumOf(poolConfidence) / poolConfidence.length;
  let covariance = 0;
  let variance = 0;
  for (let at = 0; at < count; at++) {
    covariance += (right[at]! - meanRight) * (confidence[at]! - meanConfidence);
    variance += (confidence[at]! - meanConfidence) ** 2;
  }
  const shrink = 1 / (1 + count / poolConfidence.length);
  const lambda = variance === 0 ? 0 : Math.min(1, Math.max(0, (covariance / variance) * shrink));
  let rest = 0;
  for (let at = 0; at < count; at++)
    rest += (right[at]! - meanRight - lambda * (confidence[at]! - meanConfidence)) ** 2;
  let ofPool = 0;
  for (let at = 0; at < poolConfidence.length; at++) ofPool += (poolConfidence[at]! - meanPool) ** 2;
  const value = meanRight + lambda * (meanPool - meanConfidence);
  const half =
    z * Math.sqrt(rest / (count - 1) / count + (lambda * lambda * ofPool) / poolConfidence.length ** 2);
  return {
    id: "prediction-powered",
    label: "Helped by confidence (PPI)",
    assumes:
      "Assumes nothing beyond the random slice; the model's confidence over all items only narrows the interval.",
    estimate: within(value, half, count),
  };
}

/**
 * Average thresholded confidence (Garg et al., Leveraging Unlabeled Data to Predict Out-of-Distribution Performance,
 * 2022): the share of the pool above the confidence that as large a share of the known items exceeds as are right.
 * The interval is a bootstrap over the known items, and knows nothing of a shift in confidence.
 */
export function thresholdedConfidence(
  right: ArrayLike<number>,
  confidence: ArrayLike<number>,
  poolConfidence: ArrayLike<number>,
  random: Random,
): AssumedEstimate | null {
  const count = right.length;
  if (count < 10 || poolConfidence.length === 0) return null;
  const pool = Float64Array.from(poolConfidence).sort();
  const over = (drawn: Uint32Array) => {
    const known = Float64Array.from(drawn, (at) => confidence[at]!).sort();
    const wrong = drawn.reduce((sum, at) => sum + 1 - right[at]!, 0);
    const threshold = known[wrong] ?? Infinity;
    return 1 - firstAtLeast(pool, threshold) / pool.length;
  };
  const all = Uint32Array.from({ length: count }, (_, at) => at);
  return {
    id: "atc",
    label: "By confidence alone (ATC)",
    assumes: "A guess: assumes that confidence means the same for the items asked about and for the rest.",
    estimate: bootstrap(over(all), count, random, over),
  };
}

function firstAtLeast(sorted: Float64Array, threshold: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

function within(value: number, half: number, count: number): Estimate {
  const clamp = (at: number) => Math.min(1, Math.max(0, at));
  return { value: clamp(value), low: clamp(value - half), high: clamp(value + half), count };
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum;
}
