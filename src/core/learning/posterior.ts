// What heads with a posterior say of the pool: probabilities averaged over what the head holds possible, and the
// parts from which doubt about the model itself is measured.

import { throwIfStopped, type StopSignal } from "../errors";
import type { FittedHead, Posterior } from "./head";
import type { Kernels, LinearLayer, ResidentMatrix, Scores } from "../kernels/kernels";
import { scoresFromLogits } from "../kernels/scores";
import { scoreModel, shapeOf } from "./model";
import type { TermRows } from "./terms";

// Bounds what one product leaves on the host: 8 million floats are 32 MB.
const floatsAtOnce = 8_000_000;

/** Scores of all rows, with the posterior where the head has one. @param terms as for `scoreModel`. */
export async function predictiveScores(
  { model, posterior }: FittedHead,
  matrix: ResidentMatrix,
  kernels: Kernels,
  stop: StopSignal | null,
  terms: TermRows | null = null,
): Promise<Scores> {
  const { rows } = matrix;
  if (posterior?.kind === "members") {
    const { probabilities } = await committeeOpinion(posterior.layers, matrix, kernels, stop);
    // The softmax of logarithms gives the probabilities back.
    return scoresFromLogits(probabilities.map(Math.log), rows, shapeOf(model).classes, "softmax");
  }
  if (posterior?.kind === "gaussian" && model.kind === "linear") {
    const { layer } = model;
    const { classes } = layer;
    const variances = await logitVariances(posterior, matrix, kernels, stop);
    const logits = await kernels.multiply(matrix, layer.weights, classes);
    for (let row = 0; row < rows; row++) {
      const ofRow = logits.subarray(row * classes, (row + 1) * classes);
      for (let c = 0; c < classes; c++) ofRow[c]! += layer.bias[c]!;
      dampen(ofRow, variances[row]!);
    }
    return scoresFromLogits(logits, rows, classes, "softmax");
  }
  return scoreModel(model, matrix, kernels, stop, terms);
}

export interface CommitteeOpinion {
  /** Mean over the members, rows × classes. Its entropy is the consensus entropy. */
  readonly probabilities: Float32Array;
  /** Share of the members whose guess is this class, rows × classes; ties go to the first. For vote entropy. */
  readonly votes: Float32Array;
  /** Mean of the members' entropies in nats, one each row. Consensus entropy minus this is BALD. */
  readonly memberEntropy: Float32Array;
}

/** A member after the other, each in one pass of the kernels over the rows. */
export async function committeeOpinion(
  layers: readonly LinearLayer[],
  matrix: ResidentMatrix,
  kernels: Kernels,
  stop: StopSignal | null,
): Promise<CommitteeOpinion> {
  const { rows } = matrix;
  const { classes } = layers[0]!;
  const opinion = {
    probabilities: new Float32Array(rows * classes),
    votes: new Float32Array(rows * classes),
    memberEntropy: new Float32Array(rows),
  };
  for (const layer of layers) {
    throwIfStopped(stop);
    addOpinion(await kernels.scores(matrix, layer, "softmax"), classes, 1 / layers.length, opinion);
  }
  return opinion;
}

/** @param share of the whole committee that this member is. */
function addOpinion(
  { probabilities, entropy }: Scores,
  classes: number,
  share: number,
  opinion: CommitteeOpinion,
): void {
  const nats = share * Math.log(classes);
  for (let row = 0, from = 0; row < entropy.length; row++, from += classes) {
    let likeliest = from;
    for (let at = from; at < from + classes; at++) {
      const p = probabilities[at]!;
      opinion.probabilities[at]! += share * p;
      if (p > probabilities[likeliest]!) likeliest = at;
    }
    opinion.votes[likeliest]! += share;
    opinion.memberEntropy[row]! += nats * entropy[row]!;
  }
}

/**
 * xᵀ Σ x of every row: the variance of a logit under the posterior, before calibration. It is the epistemic part
 * of the doubt, large where no labels have been.
 */
export async function logitVariances(
  { dims, root }: Extract<Posterior, { kind: "gaussian" }>,
  matrix: ResidentMatrix,
  kernels: Kernels,
  stop: StopSignal | null,
): Promise<Float32Array> {
  const { rows } = matrix;
  const variances = new Float32Array(rows);
  const atOnce = Math.min(dims, Math.max(1, Math.floor(floatsAtOnce / Math.max(1, rows))));
  for (let from = 0; from < dims; from += atOnce) {
    throwIfStopped(stop);
    const width = Math.min(atOnce, dims - from);
    const part = new Float32Array(dims * width);
    for (let k = 0; k < dims; k++)
      part.set(root.subarray(k * dims + from, k * dims + from + width), k * width);
    const projected = await kernels.multiply(matrix, part, width);
    for (let row = 0, at = 0; row < rows; row++) {
      let sum = 0;
      for (let column = 0; column < width; column++, at++) sum += projected[at]! * projected[at]!;
      variances[row]! += sum;
    }
  }
  return variances;
}

/** Divides logits by √(1 + π/8 · variance): the mean of the softmax over a Gaussian, nearly (MacKay 1992). */
export function dampen(logits: Float32Array | Float64Array, variance: number): void {
  const divisor = Math.sqrt(1 + (Math.PI / 8) * variance);
  for (let c = 0; c < logits.length; c++) logits[c]! /= divisor;
}
