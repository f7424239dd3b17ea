// How far an estimate may be off: 95% intervals for shares and for anything that can be resampled.

import type { Random } from "../random";
import type { Estimate } from "../round";

/** The normal quantile of 97.5%. */
const z = 1.959963984540054;

/**
 * Wilson score interval (Wilson, "Probable inference, the law of succession, and statistical inference", 1927),
 * which stays within 0 and 1 and holds its level with few items. Of no items: 0, between 0 and 1.
 */
export function wilson(successes: number, count: number): Estimate {
  if (count === 0) return { value: 0, low: 0, high: 1, count };
  const share = successes / count;
  const square = (z * z) / count;
  const middle = (share + square / 2) / (1 + square);
  const half = (z * Math.sqrt((share * (1 - share)) / count + square / (4 * count))) / (1 + square);
  // Exact at the ends, where rounding would leave the value just outside.
  return {
    value: share,
    low: successes === 0 ? 0 : Math.max(0, middle - half),
    high: successes === count ? 1 : Math.min(1, middle + half),
    count,
  };
}

/**
 * How much more often one of two judges of the same items is right: `gained` items that only it has right, `lost`
 * that only the other has. The adjusted Wald interval of Agresti and Min ("Simple improved confidence intervals for
 * comparing matched proportions", 2005), half an item added to each of the four cells. Between −1 and 1.
 */
export function pairedDifference(gained: number, lost: number, count: number): Estimate {
  const [more, less, all] = [gained + 0.5, lost + 0.5, count + 2];
  const middle = (more - less) / all;
  const half = (z * Math.sqrt(more + less - (more - less) ** 2 / all)) / all;
  const value = count === 0 ? 0 : (gained - lost) / count;
  return { value, low: Math.max(-1, middle - half), high: Math.min(1, middle + half), count };
}

const draws = 1000;

/**
 * Percentile bootstrap (Efron 1979): `measure` is called with the drawn indices of [0, count), 1,000 times. The
 * array is the same one each time. Widened where needed to hold `value`, which resampling can be biased against.
 */
export function bootstrap(
  value: number,
  count: number,
  random: Random,
  measure: (drawn: Uint32Array) => number,
): Estimate {
  if (count === 0) return { value, low: 0, high: 1, count };
  const { low, high } = resample(count, random, measure);
  return { value, low: Math.min(value, low), high: Math.max(value, high), count };
}

function resample(
  count: number,
  random: Random,
  measure: (drawn: Uint32Array) => number,
): { low: number; high: number } {
  const drawn = new Uint32Array(count);
  const measured = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    for (let at = 0; at < count; at++) drawn[at] = random.integer(count);
    measured[draw] = measure(drawn);
  }
  measured.sort();
  return { low: quantile(measured, 0.025), high: quantile(measured, 0.975) };
}

/** Linear between the two neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/**
 * Mean of any numbers with Student's interval; of one number, or none, everything from `least` to `most`.
 * Numbers that are all the same give no width, which says more than they know.
 */
export function meanWithInterval(values: ArrayLike<number>, least: number, most: number): Estimate {
  const { length: count } = values;
  let sum = 0;
  for (let at = 0; at < count; at++) sum += values[at]!;
  const value = count === 0 ? 0 : sum / count;
  if (count < 2) return { value, low: least, high: most, count };
  let squares = 0;
  for (let at = 0; at < count; at++) squares += (values[at]! - value) ** 2;
  const half = studentQuantile(count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { value, low: Math.max(least, value - half), high: Math.min(most, value + half), count };
}

/** 97.5% of Student's t, by the expansion of Cornish and Fisher; within 2% from 3 degrees of freedom on. */
function studentQuantile(freedom: number): number {
  if (freedom === 1) return 12.706;
  if (freedom === 2) return 4.303;
  const cube = z ** 3;
  const fifth = z ** 5;
  return z + (cube + z) / (4 * freedom) + (5 * fifth + 16 * cube + 3 * z) / (96 * freedom ** 2);
}

/**
 * For an estimate that resampling pushes up, as it does a calibration error: the low end of the reverse percentile
 * bootstrap (Davison and Hinkley 1997), which takes the push off, and the high end of the plain one. Wider than
 * either, since the reverse one alone holds the truth in 84% of simulated hold-outs of 120 items.
 */
export function cautiousBootstrap(
  value: number,
  count: number,
  random: Random,
  measure: (drawn: Uint32Array) => number,
): Estimate {
  if (count === 0) return { value, low: 0, high: 1, count };
  const { high } = resample(count, random, measure);
  return {
    value,
    low: Math.min(value, Math.max(0, 2 * value - high)),
    high: Math.max(value, high),
    count,
  };
}
