// Measures a head of an earlier round on the hold-out of today. No head was ever trained on any of it, so all
// points of the learning curve stand on the same items, and on as many as there are.

import type { ClassId } from "../ids";
import { evaluate, type Judged } from "./metrics";
import type { AnswerMode } from "../project";
import type { Random } from "../random";
import type { Evaluation, LabelledRow, Round } from "../round";

export interface Yardstick {
  /** The classes of today; `holdOut` counts in them. */
  readonly classIds: readonly ClassId[];
  readonly holdOut: readonly LabelledRow[];
  readonly answerMode: AnswerMode;
}

export interface Remeasured {
  /** Of the round. */
  readonly number: number;
  readonly trainCount: number;
  readonly evaluation: Evaluation;
}

/**
 * @param values rows × dims, row-major, of the embeddings the head was fitted on.
 * Classes the head did not know yet are never predicted; those removed since are not either.
 */
export function remeasure(
  { classIds, layer }: Pick<Round, "classIds"> & { readonly layer: NonNullable<Round["layer"]> },
  yardstick: Yardstick,
  values: Float32Array,
  random: Random,
): Evaluation {
  /** Column of the layer for each class of today; -1 where the head did not know it. */
  const columns = yardstick.classIds.map((id) => classIds.indexOf(id));
  const judged = yardstick.holdOut.map(({ row, classes }): Judged => {
    const logits = columns.map((column) => (column < 0 ? -Infinity : logit(layer, column, values, row)));
    return { truth: classes, predicted: decide(logits, yardstick.answerMode) };
  });
  return evaluate(judged, yardstick.classIds, yardstick.answerMode, random);
}

function logit(
  { weights, bias, dims, classes }: NonNullable<Round["layer"]>,
  column: number,
  values: Float32Array,
  row: number,
): number {
  let sum = bias[column]!;
  for (let at = 0; at < dims; at++) sum += values[row * dims + at]! * weights[at * classes + column]!;
  return sum;
}

/** The likeliest class (ties to the first), or in multiple mode all that are likelier than not. */
function decide(logits: readonly number[], mode: AnswerMode): number[] {
  if (mode === "multiple") return [...logits.keys()].filter((at) => logits[at]! >= 0);
  return [logits.indexOf(Math.max(...logits))];
}
