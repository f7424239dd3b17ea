// What the next labels would buy, read off the learning curve so far, and how far that may be off.

import type { MeasuredHead } from "../advice/stopping-rule";
import type { Random } from "../random";
import type { Estimate } from "../round";
import { fitPowerLaw, shareAt, type CurvePoint, type PowerLaw } from "./power-law";

export interface Forecast {
  /** Labels ahead. */
  readonly ahead: number;
  /** Gain in accuracy, 0 to 1; its count is the items of the hold-out. */
  readonly gain: Estimate;
  readonly law: PowerLaw;
}

const draws = 300;
/** With fewer the curve is noise. */
const fewestItems = 10;

/**
 * Fits the power law to the heads' accuracies, and again to 300 hold-outs drawn from this one with replacement,
 * all heads on the same draw; the interval is their middle 95%. It knows nothing of curves that are no power law.
 * null with fewer than 3 heads of different size or 10 items.
 */
export function forecast(heads: readonly MeasuredHead[], ahead: number, random: Random): Forecast | null {
  const count = heads[0]?.right.length ?? 0;
  if (count < fewestItems) return null;
  const everything = Uint32Array.from({ length: count }, (_, at) => at);
  const newest = heads.at(-1)!.trainCount;
  const gainOf = (law: PowerLaw) => Math.max(0, shareAt(law, newest + ahead) - shareAt(law, newest));
  const law = fitPowerLaw(pointsOf(heads, everything));
  if (!law) return null;
  const gains = new Float64Array(draws);
  const drawn = new Uint32Array(count);
  for (let draw = 0; draw < draws; draw++) {
    for (let at = 0; at < count; at++) drawn[at] = random.integer(count);
    const again = fitPowerLaw(pointsOf(heads, drawn));
    gains[draw] = again ? gainOf(again) : 0;
  }
  gains.sort();
  const value = gainOf(law);
  const low = gains[Math.floor(0.025 * draws)]!;
  const high = gains[Math.ceil(0.975 * draws) - 1]!;
  return { ahead, law, gain: { value, low: Math.min(value, low), high: Math.max(value, high), count } };
}

/** Later heads count more: the end of the curve is what is prolonged. */
function pointsOf(heads: readonly MeasuredHead[], items: Uint32Array): CurvePoint[] {
  return heads.map(({ trainCount, right }) => {
    let hits = 0;
    for (const item of items) hits += right[item]!;
    return { labels: trainCount, share: hits / items.length, weight: trainCount };
  });
}
