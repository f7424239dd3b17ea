// Items that came after there was a model: which of them to ask about, judged one by one in the order they came.

import type { Scores } from "../kernels/kernels";
import type { AnswerMode } from "../project";
import { judge, streamStart } from "../stream/variable-uncertainty";
import type { Pick } from "./strategy";

export interface Arrivals {
  /** The first row that came later; all from there on did. */
  readonly from: number;
  /** Share of them that may be asked about, 0 to 1. */
  readonly budget: number;
}

/**
 * Goes through the stream from its start with the model as it is, so that nothing but the model decides and a page
 * opened anew asks the same. Items answered already take from the budget where they would be asked about.
 * @param candidates ascending. @returns those to be asked about, in the order they came, with 1 − confidence as score.
 */
export function arrivalsToAsk(
  { from, budget }: Arrivals,
  candidates: Uint32Array,
  scores: Scores,
  mode: AnswerMode,
  rows: number,
): Pick[] {
  const open = new Set(candidates);
  const classes = scores.probabilities.length / rows;
  const picks: Pick[] = [];
  let state = streamStart;
  for (let row = from; row < rows; row++) {
    const confidence = confidenceIn(scores.probabilities.subarray(row * classes, (row + 1) * classes), mode);
    const judged = judge(state, confidence, budget);
    state = judged.state;
    if (judged.ask && open.has(row))
      picks.push({ row, score: 1 - confidence, stage: "arrivals", reason: arrivalReason });
  }
  return picks;
}

const arrivalReason = "It came in later, and the model is not sure of it.";

/** Of several classes the most doubtful decision counts. */
function confidenceIn(probabilities: Float32Array, mode: AnswerMode): number {
  if (mode === "single") return probabilities.reduce((a, b) => Math.max(a, b), 0);
  return probabilities.reduce((least, p) => Math.min(least, Math.max(p, 1 - p)), 1);
}
