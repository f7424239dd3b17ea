// Labels that look wrong, to be looked at again: the model and the labelled items most like them say otherwise.

import type { Kernels, ResidentMatrix, Scores } from "../kernels/kernels";
import { throwIfStopped, type StopSignal } from "../errors";
import type { LabelledRow, RoundInput } from "../round";
import type { Pick as Chosen } from "./strategy";

/** Of the labels the model believes least; looking at more costs time and finds little. */
const lookedAt = 200;
/** Labelled items that have a say on each. */
const neighbours = 10;

export interface ReviewTools {
  readonly kernels: Kernels;
  readonly stop: StopSignal | null;
}

/**
 * The labels that contradict both the head and their neighbours, the worst first. The head has seen the label, so
 * it alone would believe too much; a label's ten nearest labelled items, itself left out, vote by how alike they are
 * (after Wilson, Asymptotic Properties of Nearest Neighbor Rules Using Edited Data, 1972). The mean of both must give
 * another class more than the label's own; with several classes an item, some class must be the other way round.
 * Labels of the hold-out are left alone: a yardstick corrected by the model would flatter it.
 * @returns at most `count`, none before there are more labels than neighbours.
 */
export async function labelsToReview(
  {
    train,
    reviewed,
    classIds,
    answerMode,
  }: Pick<RoundInput, "train" | "reviewed" | "classIds" | "answerMode">,
  scores: Scores,
  matrix: ResidentMatrix,
  count: number,
  { kernels, stop }: ReviewTools,
): Promise<Chosen[]> {
  if (count === 0 || train.length <= neighbours) return [];
  throwIfStopped(stop);
  const classes = classIds.length;
  const told = new Set(reviewed);
  const believed = ({ row, classes: said }: LabelledRow) =>
    1 - contradiction(scores.probabilities.subarray(row * classes, (row + 1) * classes), said, answerMode);
  const asked = train
    .filter(({ row }) => !told.has(row))
    .map((one) => ({ one, belief: believed(one) }))
    .sort((a, b) => a.belief - b.belief || a.one.row - b.one.row)
    .slice(0, lookedAt)
    .map(({ one }) => one);
  const rows = Uint32Array.from(asked, ({ row }) => row);
  const labelled = Uint32Array.from(train, ({ row }) => row);
  const products = await kernels.innerProducts(matrix, rows, labelled);
  const picks = asked.flatMap(({ row, classes: said }, at): Chosen[] => {
    const ofRow = products.subarray(at * labelled.length, (at + 1) * labelled.length);
    const votes = voteOf(ofRow, train, row, classes);
    const opinion = votes.map((vote, c) => (vote + scores.probabilities[row * classes + c]!) / 2);
    const score = contradiction(opinion, said, answerMode);
    return score > 0 ? [{ row, score, stage: "review", reason: reviewReason }] : [];
  });
  return picks.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, count);
}

const reviewReason = "Its label is not what the model and the items most like it say.";

/** How much more is said for something else than for the label; 0 or less where the label stands. */
function contradiction(
  opinion: Float32Array,
  said: readonly number[],
  mode: RoundInput["answerMode"],
): number {
  if (mode === "multiple") {
    let worst = -Infinity;
    opinion.forEach((p, c) => (worst = Math.max(worst, (said.includes(c) ? 1 - p : p) - 0.5)));
    return worst;
  }
  let other = 0;
  opinion.forEach((p, c) => (other = said.includes(c) ? other : Math.max(other, p)));
  return other - (opinion[said[0] ?? -1] ?? 0);
}

/** Share of each class among the nearest labelled items, weighted by how alike they are; below 0 is not alike. */
function voteOf(
  products: Float32Array,
  train: readonly LabelledRow[],
  row: number,
  classes: number,
): Float32Array {
  const nearest = [...products.keys()]
    .filter((at) => train[at]!.row !== row)
    .sort((a, b) => products[b]! - products[a]! || a - b)
    .slice(0, neighbours);
  const votes = new Float32Array(classes);
  let total = 0;
  for (const at of nearest) {
    const weight = Math.max(0, products[at]!);
    total += weight;
    for (const c of train[at]!.classes) votes[c]! += weight;
  }
  return total === 0 ? votes.fill(1 / classes) : votes.map((vote) => vote / total);
}
