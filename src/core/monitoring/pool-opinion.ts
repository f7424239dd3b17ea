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
  const confidences = new Array<number>(10).fill(0);
  const predicted = new Array<number>(classes).fill(0);
  for (const row of candidates) {
    const from = row * classes;
    let best = 0;
    /** Multiple mode: the most doubtful decision decides how sure the model is of the item. */
    let least = 1;
    for (let one = 0; one < classes; one++) {
      const probability = probabilities[from + one]!;
      if (probability > probabilities[from + best]!) best = one;
      least = Math.min(least, Math.max(probability, 1 - probability));
      if (mode === "multiple" && probability >= 0.5) predicted[one]! += 1;
    }
    if (mode === "single") predicted[best]! += 1;
    const confidence = mode === "single" ? probabilities[from + best]! : least;
    confidences[Math.min(9, Math.floor(confidence * 10))]! += 1;
  }
  return { confidences, predicted };
}
