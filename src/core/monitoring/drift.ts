// Whether items that came later are of another kind than those before: can a classifier tell them apart?

import { fitLogistic } from "../learning/fit-logistic";
import type { StopSignal } from "../errors";
import type { Random } from "../random";
import type { Estimate } from "../round";
import { wilson } from "../evaluation/interval";

export interface Drift {
  /** Share of items told apart rightly; half is what guessing gives. */
  readonly told: Estimate;
  /** One-sided: how often guessing would do as well. */
  readonly p: number;
  /** The later items that are least like the earlier ones, most telling first. */
  readonly telling: readonly number[];
}

/** Of each side at most; more would only cost time. */
const mostOfEach = 400;
/** With fewer of either the answer is noise. */
export const fewestForDrift = 20;
const shown = 12;

export interface DriftTools {
  readonly random: Random;
  readonly stop: StopSignal | null;
}

/**
 * Classifier two-sample test (Lopez-Paz and Oquab, Revisiting Classifier Two-Sample Tests, 2017): a logistic head
 * is fitted on half of a balanced sample and asked about the other half, then the other way round.
 * @param values rows × dims of all items. @param earlier, later rows of the two kinds.
 * @returns null where either side has fewer than 20 items.
 */
export function classifierTwoSampleTest(
  values: Float32Array,
  dims: number,
  earlier: Uint32Array,
  later: Uint32Array,
  tools: DriftTools,
): Drift | null {
  const each = Math.min(mostOfEach, earlier.length, later.length);
  if (each < fewestForDrift) return null;
  const draw = (rows: Uint32Array, name: string) =>
    tools.random
      .fork(name)
      .sample(rows.length, each)
      .map((at) => rows[at]!);
  const sides = [draw(earlier, "earlier"), draw(later, "later")] as const;
  const half = Math.floor(each / 2);
  const parts = [sides.map((rows) => rows.slice(0, half)), sides.map((rows) => rows.slice(half))];
  let right = 0;
  const scored: { row: number; score: number }[] = [];
  for (const [train, test] of [parts, parts.toReversed()]) {
    const score = tell(values, dims, train!, tools);
    test!.forEach((rows, side) => {
      for (const row of rows) {
        const found = score(row);
        if (found > 0 === (side === 1)) right++;
        if (side === 1) scored.push({ row, score: found });
      }
    });
  }
  const told = wilson(right, 2 * each);
  const deviations = (told.value - 0.5) / Math.sqrt(0.25 / (2 * each));
  return {
    told,
    p: upperTail(deviations),
    telling: scored
      .sort((a, b) => b.score - a.score || a.row - b.row)
      .slice(0, shown)
      .map(({ row }) => row),
  };
}

/** Log odds of being later, by a head fitted on the two sides given. */
function tell(
  values: Float32Array,
  dims: number,
  sides: readonly (readonly number[])[],
  { random, stop }: DriftTools,
): (row: number) => number {
  const rows = sides.flat();
  const features = new Float32Array(rows.length * dims);
  const targets = new Uint8Array(rows.length * 2);
  rows.forEach((row, at) => {
    features.set(values.subarray(row * dims, (row + 1) * dims), at * dims);
    targets[at * 2 + (at < sides[0]!.length ? 0 : 1)] = 1;
  });
  const training = { features, targets, rows: rows.length, dims, classes: 2, places: Uint32Array.from(rows) };
  const { layer } = fitLogistic(training, { c: 1 }, null, { random, stop });
  return (row) => {
    let odds = layer.bias[1]! - layer.bias[0]!;
    for (let at = 0; at < dims; at++)
      odds += values[row * dims + at]! * (layer.weights[at * 2 + 1]! - layer.weights[at * 2]!);
    return odds;
  };
}

/** Of the standard normal, by Abramowitz and Stegun 26.2.17; exact to 1e-7. */
function upperTail(deviations: number): number {
  if (deviations < 0) return 1 - upperTail(-deviations);
  const t = 1 / (1 + 0.2316419 * deviations);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (series * Math.exp((-deviations * deviations) / 2)) / Math.sqrt(2 * Math.PI);
}
