// Measures a head of an earlier round on the hold-out of today. No head was ever trained on any of it, so all
// points of the learning curve stand on the same items, and on as many as there are.

import type { ClassId } from "../ids";
import { evaluate, isRight, type Judged } from "./metrics";
import { gatherRows } from "../learning/folds";
import { modelLogits, shapeOf, type Model } from "../learning/model";
import { gatherTerms, type TermRows } from "../learning/terms";
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
  /** For each item of the hold-out, in its order: 1 where the head is right. */
  readonly right: readonly number[];
}

/**
 * @param values rows × dims, row-major, of the embeddings the head was fitted on.
 * @param terms of the same rows; null where the model reads none.
 * Classes the head did not know yet are never predicted; those removed since are not either.
 */
export function remeasure(
  { classIds, model }: Pick<Round, "classIds"> & { readonly model: Model },
  yardstick: Yardstick,
  values: Float32Array,
  random: Random,
  terms: TermRows | null = null,
): Pick<Remeasured, "evaluation" | "right"> {
  /** Column of the model for each class of today; -1 where the head did not know it. */
  const columns = yardstick.classIds.map((id) => classIds.indexOf(id));
  const { dims, classes: known } = shapeOf(model);
  const rows = Uint32Array.from(yardstick.holdOut, ({ row }) => row);
  const ofRows = terms && gatherTerms(terms, rows);
  const found = modelLogits(model, gatherRows(values, dims, rows), rows.length, ofRows);
  const judged = yardstick.holdOut.map(({ classes }, at): Judged => {
    const logits = columns.map((column) => (column < 0 ? -Infinity : found[at * known + column]!));
    return { truth: classes, predicted: decide(logits, yardstick.answerMode) };
  });
  return {
    evaluation: evaluate(judged, yardstick.classIds, yardstick.answerMode, random),
    right: judged.map((one) => (isRight(one) ? 1 : 0)),
  };
}

/** The likeliest class (ties to the first), or in multiple mode all that are likelier than not. */
function decide(logits: readonly number[], mode: AnswerMode): number[] {
  if (mode === "multiple") return [...logits.keys()].filter((at) => logits[at]! >= 0);
  return [logits.indexOf(Math.max(...logits))];
}
