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

/** The members' layers go into one product as far as memory allows. */
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
  const atOnce = Math.max(1, Math.floor(floatsAtOnce / Math.max(1, rows * classes)));
  const odds = new Float64Array(classes);
  for (let from = 0; from < layers.length; from += atOnce) {
    throwIfStopped(stop);
    const together = layers.slice(from, from + atOnce);
    const logits = await kernels.multiply(matrix, sideBySide(together), together.length * classes);
    for (let row = 0, at = 0; row < rows; row++) {
      for (const { bias } of together) {
        for (let c = 0; c < classes; c++, at++) odds[c] = logits[at]! + bias[c]!;
        addOpinion(odds, row, 1 / layers.length, opinion);
      }
    }
  }
  return opinion;
}

function addOpinion(odds: Float64Array, row: number, share: number, opinion: CommitteeOpinion): void {
  const classes = odds.length;
  let likeliest = 0;
  for (let c = 1; c < classes; c++) if (odds[c]! > odds[likeliest]!) likeliest = c;
  opinion.votes[row * classes + likeliest]! += share;
  const highest = odds[likeliest]!;
  let total = 0;
  for (let c = 0; c < classes; c++) total += Math.exp(odds[c]! - highest);
  for (let c = 0; c < classes; c++) {
    const shifted = odds[c]! - highest;
    const p = Math.exp(shifted) / total;
    opinion.probabilities[row * classes + c]! += share * p;
    opinion.memberEntropy[row]! -= share * p * (shifted - Math.log(total));
  }
}

/** dims × (layers · classes), row-major. */
function sideBySide(layers: readonly LinearLayer[]): Float32Array {
  const { dims, classes } = layers[0]!;
  const width = layers.length * classes;
  const weights = new Float32Array(dims * width);
  layers.forEach((layer, number) => {
    for (let k = 0; k < dims; k++)
      weights.set(layer.weights.subarray(k * classes, (k + 1) * classes), k * width + number * classes);
  });
  return weights;
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
    for (let row = 0, at = 0; row < rows; row++)
      for (let column = 0; column < width; column++, at++) variances[row]! += projected[at]! ** 2;
  }
  return variances;
}

/** Divides logits by √(1 + π/8 · variance): the mean of the softmax over a Gaussian, nearly (MacKay 1992). */
export function dampen(logits: Float32Array | Float64Array, variance: number): void {
  const divisor = Math.sqrt(1 + (Math.PI / 8) * variance);
  for (let c = 0; c < logits.length; c++) logits[c]! /= divisor;
}
