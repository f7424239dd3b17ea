// Whether probabilities can be believed: the log loss of each item, and the expected calibration error.

import type { AnswerMode } from "../project";
import type { Predicted } from "./measures";

/** Keeps one item that was called impossible from deciding the mean alone. */
const leastProbability = 1e-6;

/** −ln of the probability of the truth; in multiple mode the mean over the classes of each item. */
export function logLosses({ probabilities, truth, classIds }: Predicted, mode: AnswerMode): number[] {
  const classes = classIds.length;
  const surprise = (probability: number) => -Math.log(Math.max(leastProbability, probability));
  return truth.map((ofItem, item) => {
    const from = item * classes;
    if (mode === "single") return surprise(probabilities[from + ofItem[0]!]!);
    let sum = 0;
    for (let one = 0; one < classes; one++) {
      const probability = probabilities[from + one]!;
      sum += surprise(ofItem.includes(one) ? probability : 1 - probability);
    }
    return sum / classes;
  });
}

/** Ten where there are items for it; groups under 20 would measure their own noise. */
const mostGroups = 10;
const fewestInGroup = 20;

/**
 * Expected calibration error with groups of equal size (Nixon et al. 2019): the mean over the groups of how far
 * the mean confidence is from the share that is right. In single mode of the guess of each item, in multiple
 * mode of every yes-or-no decision; there the items are resampled, so that decisions on one stay together.
 * @returns the error over drawn items, or over all for null.
 */
export function calibrationError(
  predicted: Predicted,
  mode: AnswerMode,
): (drawn: Uint32Array | null) => number {
  const { probabilities, truth, decided, classIds } = predicted;
  const classes = classIds.length;
  /** Decisions an item brings. */
  const each = mode === "single" ? 1 : classes;
  const confidence = new Float64Array(truth.length * each);
  const right = new Uint8Array(truth.length * each);
  truth.forEach((ofItem, item) => {
    for (let at = 0; at < each; at++) {
      const one = mode === "single" ? decided[item]![0]! : at;
      const probability = probabilities[item * classes + one]!;
      const yes = mode === "single" || decided[item]!.includes(one);
      confidence[item * each + at] = yes ? probability : 1 - probability;
      right[item * each + at] = ofItem.includes(one) === yes ? 1 : 0;
    }
  });
  // Sorted once; a drawn sample is the same order with counts.
  const order = Uint32Array.from(confidence.keys()).sort((a, b) => confidence[a]! - confidence[b]!);
  const counts = new Uint32Array(truth.length);
  return (drawn) => {
    if (drawn) {
      counts.fill(0);
      for (const item of drawn) counts[item]! += 1;
    } else counts.fill(1);
    return errorOver(order, (decision) => counts[Math.floor(decision / each)]!, confidence, right);
  };
}

function errorOver(
  order: Uint32Array,
  countOf: (decision: number) => number,
  confidence: Float64Array,
  right: Uint8Array,
): number {
  const total = order.reduce((sum, decision) => sum + countOf(decision), 0);
  if (total === 0) return 0;
  const groups = Math.max(1, Math.min(mostGroups, Math.floor(total / fewestInGroup)));
  let error = 0;
  let gap = 0;
  let seen = 0;
  let group = 1;
  for (const decision of order) {
    const times = countOf(decision);
    gap += times * (confidence[decision]! - right[decision]!);
    seen += times;
    if (seen < (group * total) / groups) continue;
    error += Math.abs(gap);
    gap = 0;
    while (group * total <= seen * groups) group++;
  }
  return (error + Math.abs(gap)) / total;
}
