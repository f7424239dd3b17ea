// What a model says of the items not asked yet, in a few numbers that are kept with each round.

import type { AnswerMode } from "../project";

export interface PoolOpinion {
  /** Items by the model's confidence in its guess, in ten steps from 0 to 1. */
  readonly confidences: readonly number[];
  /** Items by guessed class, in the order of the round's classes; in multiple mode an item may count for several. */
  readonly predicted: readonly number[];
}

/** @param probabilities rows × classes of the whole matrix. */
export function poolOpinion(
  probabilities: Float32Array,
  classes: number,
  candidates: Uint32Array,
  mode: AnswerMode,
): PoolOpinion {
  const confidences = new Uint32Array(10);
  const predicted = new Uint32Array(classes);
  const confidenceIn = mode === "single" ? guess : decide;
  for (let at = 0; at < candidates.length; at++) {
    const confidence = confidenceIn(probabilities, candidates[at]! * classes, classes, predicted);
    confidences[Math.min(9, Math.floor(confidence * 10))]! += 1;
  }
  return { confidences: [...confidences], predicted: [...predicted] };
}

/** Counts the likeliest class of the row that begins at `from`; the lowest of equal ones. */
function guess(probabilities: Float32Array, from: number, classes: number, predicted: Uint32Array): number {
  let best = 0;
  let highest = probabilities[from]!;
  for (let one = 1; one < classes; one++) {
    const probability = probabilities[from + one]!;
    if (!(probability > highest)) continue;
    best = one;
    highest = probability;
  }
  predicted[best]! += 1;
  return highest;
}

/** Counts every class likelier than not; the most doubtful decision decides how sure the model is of the item. */
function decide(probabilities: Float32Array, from: number, classes: number, predicted: Uint32Array): number {
  let least = 1;
  for (let one = 0; one < classes; one++) {
    const probability = probabilities[from + one]!;
    least = Math.min(least, Math.max(probability, 1 - probability));
    if (probability >= 0.5) predicted[one]! += 1;
  }
  return least;
}
