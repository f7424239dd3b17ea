// What random asking would have brought: the same head fitted on parts of the random slice and measured on the
// rest of it, and how many labels the questions have saved against that.

import type { Random } from "../random";
import type { Estimate, LabelledRow } from "../round";
import { fitPowerLaw, labelsFor, type CurvePoint } from "./power-law";

/** One fit of the plan: rows to learn from and rows to be measured on, as indices into the random slice. */
export interface BaselineFit {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** How that fit did; `right` is in the order of `test`. */
export interface BaselineResult extends BaselineFit {
  readonly right: readonly number[];
}

/** Halving from the largest size there is a rest for. */
const fewestTrained = 4;
/** Measured on a fifth at least. */
const largestShare = 0.8;
const repeats = 4;

/**
 * Which fits to make: sizes that double up to 80% of the slice, four random parts each.
 * @returns none where the slice has fewer than 12 labels: its parts would be too small to say anything.
 */
export function planBaseline(slice: readonly LabelledRow[], random: Random): BaselineFit[] {
  if (slice.length < 12) return [];
  const sizes: number[] = [];
  for (let size = Math.floor(largestShare * slice.length); size >= fewestTrained; size = Math.floor(size / 2))
    sizes.unshift(size);
  return sizes.flatMap((size) =>
    Array.from({ length: repeats }, (_, repeat) => {
      const order = random.fork(`baseline ${size} ${repeat}`).sample(slice.length, slice.length);
      return { train: order.slice(0, size), test: order.slice(size) };
    }),
  );
}

export interface BaselinePoint {
  readonly labels: number;
  readonly accuracy: Estimate;
}

/** The random curve: mean over the parts of each size, with the interval of resampled items. */
export function baselineCurve(
  results: readonly BaselineResult[],
  items: number,
  random: Random,
): BaselinePoint[] {
  const sizes = [...new Set(results.map(({ train }) => train.length))].sort((a, b) => a - b);
  const samples = Array.from({ length: draws }, () => countsOf(items, random));
  const once = new Uint32Array(items).fill(1);
  return sizes.map((size) => {
    const ofSize = results.filter(({ train }) => train.length === size);
    const value = shareOf(ofSize, once) ?? 0;
    const again = samples.flatMap((counts) => shareOf(ofSize, counts) ?? []).sort((a, b) => a - b);
    return {
      labels: size,
      accuracy: {
        value,
        low: Math.min(value, again[Math.floor(0.025 * again.length)] ?? 0),
        high: Math.max(value, again[Math.ceil(0.975 * again.length) - 1] ?? 1),
        count: items,
      },
    };
  });
}

export interface LabelsSaved {
  /** Labels random asking would have needed beyond those given, and its interval; Infinity is beyond any. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const draws = 300;
/** Beyond this many times the labels a curve says nothing. */
const furthest = 50;

/**
 * Reads off the power law through the random points how many labels random asking needs for the accuracy the
 * head has now, less the labels it had; again for 300 resampled hold-outs, which are the same items for both.
 * Negative where random would have been quicker. null where the points are too few for a curve.
 * @param right of the head now, one for each item of the slice.
 */
export function labelsSaved(
  results: readonly BaselineResult[],
  right: ArrayLike<number>,
  trainCount: number,
  random: Random,
): LabelsSaved | null {
  const items = right.length;
  const savedOn = (counts: Uint32Array): number | null => {
    const law = fitPowerLaw(pointsOf(results, counts));
    if (!law) return null;
    let hits = 0;
    for (let item = 0; item < items; item++) hits += counts[item]! * right[item]!;
    return Math.min(labelsFor(law, hits / items), furthest * trainCount) - trainCount;
  };
  const value = savedOn(new Uint32Array(items).fill(1));
  if (value === null) return null;
  const again = Array.from({ length: draws }, () => savedOn(countsOf(items, random)))
    .filter((one) => one !== null)
    .sort((a, b) => a - b);
  const most = (furthest - 1) * trainCount;
  const open = (saved: number) => (saved >= most ? Infinity : saved);
  return {
    value: open(value),
    low: Math.min(value, again[Math.floor(0.025 * again.length)] ?? value),
    high: open(Math.max(value, again[Math.ceil(0.975 * again.length) - 1] ?? value)),
  };
}

function pointsOf(results: readonly BaselineResult[], counts: Uint32Array): CurvePoint[] {
  return results.flatMap((result) => {
    const share = shareOf([result], counts);
    return share === null ? [] : [{ labels: result.train.length, share, weight: result.test.length }];
  });
}

/** Over the results together; null where no item of their tests was drawn. */
function shareOf(results: readonly BaselineResult[], counts: Uint32Array): number | null {
  let hits = 0;
  let total = 0;
  for (const { test, right } of results)
    for (let at = 0; at < test.length; at++) {
      const times = counts[test[at]!]!;
      total += times;
      hits += times * right[at]!;
    }
  return total === 0 ? null : hits / total;
}

/** How often each item is in one hold-out drawn with replacement. */
function countsOf(items: number, random: Random): Uint32Array {
  const counts = new Uint32Array(items);
  for (let draw = 0; draw < items; draw++) counts[random.integer(items)]! += 1;
  return counts;
}
