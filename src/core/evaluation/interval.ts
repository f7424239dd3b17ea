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
  const drawn = new Uint32Array(count);
  const measured = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    for (let at = 0; at < count; at++) drawn[at] = random.integer(count);
    measured[draw] = measure(drawn);
  }
  measured.sort();
  return {
    value,
    low: Math.min(value, quantile(measured, 0.025)),
    high: Math.max(value, quantile(measured, 0.975)),
    count,
  };
}

/** Linear between the two neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
