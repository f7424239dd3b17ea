// How well probabilities rank: the chance that an item of the class gets more than one that is not of it.

import type { Estimate } from "../round";

const z = 1.959963984540054;

export interface Ranking {
  /** null where the class has no item, or every item, so that there is nothing to rank. */
  readonly auc: number | null;
  /** What each item adds to the estimate, in the order given, mean 0; empty without an AUC. */
  readonly influence: Float64Array;
}

/**
 * One-vs-rest AUC; ties count half. The influence values are the structural components of DeLong, DeLong and
 * Clarke-Pearson (1988), scaled so that their variance over n is that of the AUC.
 */
export function rank(scores: ArrayLike<number>, isOf: (item: number) => boolean): Ranking {
  const { length } = scores;
  const order = Array.from({ length }, (_, at) => at).sort((a, b) => scores[a]! - scores[b]!);
  const positives = order.filter(isOf).length;
  const negatives = length - positives;
  if (positives === 0 || negatives === 0) return { auc: null, influence: new Float64Array() };
  /** For a positive: share of negatives below it. For a negative: share of positives above it. */
  const placement = new Float64Array(length);
  let below = 0;
  let sum = 0;
  for (let from = 0, positivesBelow = 0; from < length;) {
    let to = from;
    while (to < length && scores[order[to]!] === scores[order[from]!]) to++;
    const tied = order.slice(from, to);
    const tiedPositives = tied.filter(isOf).length;
    const tiedNegatives = tied.length - tiedPositives;
    for (const item of tied)
      placement[item] = isOf(item)
        ? (below + tiedNegatives / 2) / negatives
        : (positives - positivesBelow - tiedPositives / 2) / positives;
    sum += tiedPositives * (below + tiedNegatives / 2);
    below += tiedNegatives;
    positivesBelow += tiedPositives;
    from = to;
  }
  const auc = sum / (positives * negatives);
  return {
    auc,
    influence: placement.map((one, item) => ((one - auc) * length) / (isOf(item) ? positives : negatives)),
  };
}

/** Mean of several rankings of the same items with the interval their influence gives; null without any. */
export function meanAuc(rankings: readonly Ranking[], count: number): Estimate | null {
  const known = rankings.filter(({ auc }) => auc !== null);
  if (known.length === 0) return null;
  const value = known.reduce((sum, { auc }) => sum + auc!, 0) / known.length;
  let squares = 0;
  for (let item = 0; item < count; item++) {
    const ofItem = known.reduce((sum, { influence }) => sum + influence[item]!, 0) / known.length;
    squares += ofItem * ofItem;
  }
  return { ...onLogit(value, Math.sqrt(squares) / count, count), count };
}

/** On the logit scale an interval near 1 stays below it; half an item keeps the ends from having none. */
function onLogit(value: number, deviation: number, count: number): Omit<Estimate, "count"> {
  const inside = Math.min(1 - 0.5 / count, Math.max(0.5 / count, value));
  const logit = Math.log(inside / (1 - inside));
  const half = (z * Math.max(deviation, 0.5 / count)) / (inside * (1 - inside));
  const back = (at: number) => 1 / (1 + Math.exp(-at));
  return { value, low: Math.min(value, back(logit - half)), high: Math.max(value, back(logit + half)) };
}
