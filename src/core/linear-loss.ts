// The penalised loss of a linear layer and its gradient, for softmax and for independent sigmoids. This is the
// hot loop of every refit.

import type { TrainingSet } from "./head";
import type { Activation } from "./kernels";
import type { Objective } from "./line-search";

/**
 * Mean log loss plus ‖W‖² / (2·c·rows), the bias unpenalised: scikit-learn's c·Σ loss + ½‖W‖² divided by
 * c·rows, so that one gradient tolerance suits every size.
 *
 * The point holds the weights class by class (columns.length × dims), then the biases (columns.length).
 * @param columns the classes that take part, as indices into the targets.
 */
export function createLinearLoss(
  training: TrainingSet,
  columns: readonly number[],
  activation: Activation,
  c: number,
): Objective {
  const { rows, dims } = training;
  const width = columns.length;
  const targets = pickColumns(training, columns);
  // rows × width: logits first, then the residuals in their place.
  const residuals = new Float64Array(rows * width);
  const settle = activation === "softmax" ? settleSoftmax : settleSigmoid;
  return (point, gradient) => {
    fillLogits(training.features, rows, dims, width, point, residuals);
    let loss = 0;
    for (let row = 0; row < rows; row++) loss += settle(residuals, targets, row * width, width);
    gradient.fill(0);
    addGradient(training.features, rows, dims, width, residuals, gradient);

    let penalty = 0;
    const weights = width * dims;
    for (let at = 0; at < weights; at++) {
      const weight = point[at]!;
      penalty += weight * weight;
      gradient[at] = (gradient[at]! + weight / c) / rows;
    }
    for (let at = weights; at < gradient.length; at++) gradient[at]! /= rows;
    return (loss + penalty / (2 * c)) / rows;
  };
}

function pickColumns({ targets, rows, classes }: TrainingSet, columns: readonly number[]): Uint8Array {
  const picked = new Uint8Array(rows * columns.length);
  for (let row = 0; row < rows; row++)
    columns.forEach((column, to) => {
      picked[row * columns.length + to] = targets[row * classes + column]!;
    });
  return picked;
}

/** Four classes share each read of the features: the loop is bound by loads, not by arithmetic. */
function fillLogits(
  features: Float32Array,
  rows: number,
  dims: number,
  width: number,
  point: Float64Array,
  logits: Float64Array,
): void {
  const biases = width * dims;
  for (let row = 0; row < rows; row++) {
    const start = row * dims;
    let column = 0;
    for (; column + 4 <= width; column += 4) {
      const w0 = column * dims;
      const w1 = w0 + dims;
      const w2 = w1 + dims;
      const w3 = w2 + dims;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < dims; k++) {
        const x = features[start + k]!;
        s0 += x * point[w0 + k]!;
        s1 += x * point[w1 + k]!;
        s2 += x * point[w2 + k]!;
        s3 += x * point[w3 + k]!;
      }
      const to = row * width + column;
      const bias = biases + column;
      logits[to] = s0 + point[bias]!;
      logits[to + 1] = s1 + point[bias + 1]!;
      logits[to + 2] = s2 + point[bias + 2]!;
      logits[to + 3] = s3 + point[bias + 3]!;
    }
    for (; column < width; column++) {
      let sum = point[biases + column]!;
      for (let k = 0; k < dims; k++) sum += features[start + k]! * point[column * dims + k]!;
      logits[row * width + column] = sum;
    }
  }
}

/** Adds residualsᵀ · [features, 1]. Four rows share each read and write of the gradient. */
function addGradient(
  features: Float32Array,
  rows: number,
  dims: number,
  width: number,
  residuals: Float64Array,
  gradient: Float64Array,
): void {
  const biases = width * dims;
  for (let row = 0; row < rows; row += 4) {
    // Past the last row a residual of 0 stands in, with features that are surely there.
    const x0 = row * dims;
    const x1 = row + 1 < rows ? x0 + dims : x0;
    const x2 = row + 2 < rows ? x1 + dims : x0;
    const x3 = row + 3 < rows ? x2 + dims : x0;
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const r0 = residuals[at]!;
      const r1 = row + 1 < rows ? residuals[at + width]! : 0;
      const r2 = row + 2 < rows ? residuals[at + 2 * width]! : 0;
      const r3 = row + 3 < rows ? residuals[at + 3 * width]! : 0;
      const to = column * dims;
      for (let k = 0; k < dims; k++) {
        gradient[to + k]! +=
          r0 * features[x0 + k]! + r1 * features[x1 + k]! + r2 * features[x2 + k]! + r3 * features[x3 + k]!;
      }
      gradient[biases + column]! += r0 + r1 + r2 + r3;
    }
  }
}

/** Turns the logits of one row into probabilities minus targets, and returns its log loss. */
function settleSoftmax(logits: Float64Array, targets: Uint8Array, start: number, width: number): number {
  const end = start + width;
  let highest = -Infinity;
  for (let at = start; at < end; at++) if (logits[at]! > highest) highest = logits[at]!;
  let total = 0;
  let ofTarget = 0;
  for (let at = start; at < end; at++) {
    const shifted = logits[at]! - highest;
    if (targets[at]) ofTarget = shifted;
    total += logits[at] = Math.exp(shifted);
  }
  for (let at = start; at < end; at++) logits[at] = logits[at]! / total - targets[at]!;
  return Math.log(total) - ofTarget;
}

function settleSigmoid(logits: Float64Array, targets: Uint8Array, start: number, width: number): number {
  let loss = 0;
  for (let at = start; at < start + width; at++) {
    const z = logits[at]!;
    // ln(1 + e^z) − y·z, with the exponent kept negative so that it cannot overflow.
    loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - (targets[at] ? z : 0);
    logits[at] = 1 / (1 + Math.exp(-z)) - targets[at]!;
  }
  return loss;
}
