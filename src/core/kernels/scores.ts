// Turns logits into probabilities and the three uncertainties of `Scores`. Every implementation of `Kernels`
// that computes its logits elsewhere may finish with this, so that all tiers share one definition.

import type { Activation, Scores } from "./kernels";

// Above float32's range a logit arrives as infinity, and infinity minus infinity is NaN.
const greatest = 3.4028234663852886e38;

/**
 * @param logits rows × classes, row-major; infinities count as the greatest finite float32.
 * Sums run in float64. With one class softmax is always sure: probability 1 and every uncertainty 0.
 */
export function scoresFromLogits(
  logits: Float32Array | Float64Array,
  rows: number,
  classes: number,
  activation: Activation,
): Scores {
  const scores: Scores = {
    probabilities: new Float32Array(rows * classes),
    leastConfidence: new Float32Array(rows),
    margin: new Float32Array(rows),
    entropy: new Float32Array(rows),
  };
  const row = new Float64Array(classes);
  const scoreRow = activation === "softmax" ? scoreSoftmax : scoreSigmoid;
  for (let at = 0; at < rows; at++) {
    const start = at * classes;
    for (let c = 0; c < classes; c++) {
      row[c] = Math.min(greatest, Math.max(-greatest, logits[start + c]!));
    }
    scoreRow(row, at, scores);
    scores.probabilities.set(row, start);
  }
  return scores;
}

function scoreSoftmax(row: Float64Array, at: number, scores: Scores): void {
  const classes = row.length;
  if (classes < 2) {
    row.fill(1);
    return;
  }
  let highest = -Infinity;
  for (let c = 0; c < classes; c++) if (row[c]! > highest) highest = row[c]!;
  let total = 0;
  for (let c = 0; c < classes; c++) total += row[c] = Math.exp(row[c]! - highest);

  let first = 0;
  let second = 0;
  let entropy = 0;
  for (let c = 0; c < classes; c++) {
    const p = (row[c]! /= total);
    if (p > 0) entropy -= p * Math.log(p);
    if (p > first) {
      second = first;
      first = p;
    } else if (p > second) second = p;
  }
  scores.leastConfidence[at] = ((1 - first) * classes) / (classes - 1);
  scores.margin[at] = 1 - (first - second);
  scores.entropy[at] = entropy / Math.log(classes);
}

function scoreSigmoid(row: Float64Array, at: number, scores: Scores): void {
  const classes = row.length;
  let doubt = 0;
  let narrowest = 1;
  let bits = 0;
  for (let c = 0; c < classes; c++) {
    const p = (row[c] = 1 / (1 + Math.exp(-row[c]!)));
    doubt = Math.max(doubt, Math.min(p, 1 - p));
    narrowest = Math.min(narrowest, Math.abs(2 * p - 1));
    if (p > 0 && p < 1) bits -= p * Math.log2(p) + (1 - p) * Math.log2(1 - p);
  }
  scores.leastConfidence[at] = 2 * doubt;
  scores.margin[at] = 1 - narrowest;
  scores.entropy[at] = classes === 0 ? 0 : bits / classes;
}
