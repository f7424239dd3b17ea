// The penalised loss of linear layers and its gradient, for softmax and for independent sigmoids. This is the
// hot loop of every refit.

import type { Activation } from "../kernels/kernels";
import type { Objective } from "./line-search";

/** The two products of the loss, which are nearly all of its work. A tier may have faster ones than these here. */
export interface LinearProducts {
  /**
   * logits = X Wᵀ + b.
   * @param point width × dims weights, then width biases.
   * @param logits rows × width, the answer.
   */
  fillLogits(
    features: Float32Array,
    rows: number,
    dims: number,
    width: number,
    point: Float64Array,
    logits: Float64Array,
  ): void;
  /** gradient += residualsᵀ · [X, 1], in the order of the point. */
  addGradient(
    features: Float32Array,
    rows: number,
    dims: number,
    width: number,
    residuals: Float64Array,
    gradient: Float64Array,
  ): void;
}

/** What a linear layer is fitted to. A `TrainingSet` is one. */
export interface LinearProblem {
  /** Row-major, rows × dims. */
  readonly features: Float32Array;
  readonly rows: number;
  readonly dims: number;
  /** rows × classes, 0 to 1; under softmax each row adds up to 1. */
  readonly targets: Uint8Array | Float32Array;
  readonly classes: number;
  /** Layers fitted side by side to the same targets under different weights; 1 unless said. */
  readonly members?: number;
  /** rows × members, positive: how much each row counts for each member; 1 unless said. */
  readonly rowWeights?: Float32Array;
  /** Core's own unless given. */
  readonly products?: LinearProducts | undefined;
}

/** Core's own, for where there are no faster ones. */
export const plainProducts: LinearProducts = { fillLogits, addGradient };

/**
 * Weighted mean log loss plus ‖W‖² / (2·c·total weight), the bias unpenalised: scikit-learn's
 * c·Σ weight · loss + ½‖W‖² divided by c·total weight, so that one gradient tolerance suits every size. Several
 * members are added up, each divided by the mean total weight.
 *
 * The point holds the weights member by member and class by class (members · columns.length × dims), then the
 * biases in the same order.
 * @param columns the classes that take part, as indices into the targets.
 */
export function createLinearLoss(
  problem: LinearProblem,
  columns: readonly number[],
  activation: Activation,
  c: number,
): Objective {
  const { features, rows, dims, members = 1, rowWeights, products = plainProducts } = problem;
  const width = columns.length * members;
  const targets = pickColumns(problem, columns);
  const total = totalWeight(problem);
  // rows × width: logits first, then the residuals in their place.
  const residuals = new Float64Array(rows * width);
  const settle = activation === "softmax" ? settleSoftmax : settleSigmoid;
  return (point, gradient) => {
    products.fillLogits(features, rows, dims, width, point, residuals);
    let loss = 0;
    for (let row = 0, at = 0; row < rows; row++) {
      const target = row * columns.length;
      for (let member = 0; member < members; member++, at++) {
        const weight = rowWeights ? rowWeights[at]! : 1;
        loss += settle(residuals, at * columns.length, targets, target, columns.length, weight);
      }
    }
    gradient.fill(0);
    products.addGradient(features, rows, dims, width, residuals, gradient);

    let penalty = 0;
    const weights = width * dims;
    for (let at = 0; at < weights; at++) {
      const weight = point[at]!;
      penalty += weight * weight;
      gradient[at] = (gradient[at]! + weight / c) / total;
    }
    for (let at = weights; at < gradient.length; at++) gradient[at]! /= total;
    return (loss + penalty / (2 * c)) / total;
  };
}

/** Of one member on average; the number of rows where nothing is weighted. */
export function totalWeight({ rows, members = 1, rowWeights }: LinearProblem): number {
  return rowWeights ? rowWeights.reduce((sum, weight) => sum + weight, 0) / members : rows;
}

function pickColumns({ targets, rows, classes }: LinearProblem, columns: readonly number[]): Float64Array {
  const picked = new Float64Array(rows * columns.length);
  for (let row = 0; row < rows; row++)
    columns.forEach((column, to) => {
      picked[row * columns.length + to] = targets[row * classes + column]!;
    });
  return picked;
}

/** Two rows and four classes share each read: the loop is bound by loads, not by arithmetic. */
function fillLogits(
  features: Float32Array,
  rows: number,
  dims: number,
  width: number,
  point: Float64Array,
  logits: Float64Array,
): void {
  const biases = width * dims;
  for (let row = 0; row < rows; row += 2) {
    const start = row * dims;
    // The last row of an odd number is done twice.
    const next = row + 1 < rows ? start + dims : start;
    const to = row * width;
    const toNext = row + 1 < rows ? to + width : to;
    let column = 0;
    for (; column + 4 <= width; column += 4) {
      const w0 = column * dims;
      const w1 = w0 + dims;
      const w2 = w1 + dims;
      const w3 = w2 + dims;
      let s0 = point[biases + column]!;
      let s1 = point[biases + column + 1]!;
      let s2 = point[biases + column + 2]!;
      let s3 = point[biases + column + 3]!;
      let [t0, t1, t2, t3] = [s0, s1, s2, s3];
      for (let k = 0; k < dims; k++) {
        const x = features[start + k]!;
        const y = features[next + k]!;
        const a = point[w0 + k]!;
        const b = point[w1 + k]!;
        const c = point[w2 + k]!;
        const d = point[w3 + k]!;
        s0 += x * a;
        s1 += x * b;
        s2 += x * c;
        s3 += x * d;
        t0 += y * a;
        t1 += y * b;
        t2 += y * c;
        t3 += y * d;
      }
      logits[to + column] = s0;
      logits[to + column + 1] = s1;
      logits[to + column + 2] = s2;
      logits[to + column + 3] = s3;
      logits[toNext + column] = t0;
      logits[toNext + column + 1] = t1;
      logits[toNext + column + 2] = t2;
      logits[toNext + column + 3] = t3;
    }
    for (; column < width; column++) {
      let sum = point[biases + column]!;
      let nextSum = sum;
      for (let k = 0; k < dims; k++) {
        const weight = point[column * dims + k]!;
        sum += features[start + k]! * weight;
        nextSum += features[next + k]! * weight;
      }
      logits[to + column] = sum;
      logits[toNext + column] = nextSum;
    }
  }
}

/**
 * Adds residualsᵀ · [features, 1]. Four rows and two classes share each read and write: the loop is bound by
 * those, not by arithmetic.
 */
function addGradient(
  features: Float32Array,
  rows: number,
  dims: number,
  width: number,
  residuals: Float64Array,
  gradient: Float64Array,
): void {
  const biases = width * dims;
  // Past the last row or class a residual of 0 stands in, with features that are surely there.
  const residual = (row: number, column: number) =>
    row < rows && column < width ? residuals[row * width + column]! : 0;
  for (let row = 0; row < rows; row += 4) {
    const x0 = row * dims;
    const x1 = row + 1 < rows ? x0 + dims : x0;
    const x2 = row + 2 < rows ? x1 + dims : x0;
    const x3 = row + 3 < rows ? x2 + dims : x0;
    for (let column = 0; column < width; column += 2) {
      const r0 = residual(row, column);
      const r1 = residual(row + 1, column);
      const r2 = residual(row + 2, column);
      const r3 = residual(row + 3, column);
      const q0 = residual(row, column + 1);
      const q1 = residual(row + 1, column + 1);
      const q2 = residual(row + 2, column + 1);
      const q3 = residual(row + 3, column + 1);
      const to = column * dims;
      if (column + 1 < width) {
        const next = to + dims;
        for (let k = 0; k < dims; k++) {
          const a = features[x0 + k]!;
          const b = features[x1 + k]!;
          const c = features[x2 + k]!;
          const d = features[x3 + k]!;
          gradient[to + k]! += r0 * a + r1 * b + r2 * c + r3 * d;
          gradient[next + k]! += q0 * a + q1 * b + q2 * c + q3 * d;
        }
        gradient[biases + column + 1]! += q0 + q1 + q2 + q3;
      } else {
        for (let k = 0; k < dims; k++)
          gradient[to + k]! +=
            r0 * features[x0 + k]! + r1 * features[x1 + k]! + r2 * features[x2 + k]! + r3 * features[x3 + k]!;
      }
      gradient[biases + column]! += r0 + r1 + r2 + r3;
    }
  }
}

/** Turns the logits of one row into weight · (probabilities − targets), and returns its weighted log loss. */
export function settleSoftmax(
  logits: Float64Array,
  start: number,
  targets: Float64Array,
  target: number,
  width: number,
  weight: number,
): number {
  const end = start + width;
  let highest = -Infinity;
  for (let at = start; at < end; at++) if (logits[at]! > highest) highest = logits[at]!;
  let total = 0;
  let ofTarget = 0;
  for (let at = start, to = target; at < end; at++, to++) {
    const shifted = logits[at]! - highest;
    ofTarget += targets[to]! * shifted;
    total += logits[at] = Math.exp(shifted);
  }
  for (let at = start, to = target; at < end; at++, to++)
    logits[at] = weight * (logits[at]! / total - targets[to]!);
  return weight * (Math.log(total) - ofTarget);
}

/** The same for classes that each stand for themselves. */
export function settleSigmoid(
  logits: Float64Array,
  start: number,
  targets: Float64Array,
  target: number,
  width: number,
  weight: number,
): number {
  let loss = 0;
  for (let at = start, to = target; at < start + width; at++, to++) {
    const z = logits[at]!;
    // ln(1 + e^z) − y·z, with the exponent kept negative so that it cannot overflow.
    loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - targets[to]! * z;
    logits[at] = weight * (1 / (1 + Math.exp(-z)) - targets[to]!);
  }
  return weight * loss;
}
