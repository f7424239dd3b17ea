// The log loss over the rows of a linear problem, for softmax and for independent sigmoids, along straight lines:
// logits are linear in the weights, so that every step along a line costs one pass over the logits, and only the
// line itself a product with the features.

import type { Activation } from "../kernels/kernels";
import type { LinearProducts } from "./linear-products";

/** What the loss is taken over. A point holds the weights (members · columns × dims), then the biases. */
export interface RowProblem {
  /** Row-major, rows × dims. */
  readonly features: Float32Array;
  readonly rows: number;
  readonly dims: number;
  /** Of one member. */
  readonly columns: number;
  /** Side by side, to the same targets. */
  readonly members: number;
  /** rows × columns, 0 to 1; under softmax each row adds up to 1. */
  readonly targets: Float32Array;
  /** rows × members, positive; 1 unless given. */
  readonly rowWeights?: Float32Array | undefined;
  readonly activation: Activation;
}

/** Somewhere along a line. */
export interface Probe {
  readonly value: number;
  /** By the step. */
  readonly slope: number;
  readonly curvature: number;
}

/** Σ weight · log loss over rows and members, unpenalised. Stands at a point and faces a direction. */
export interface RowLoss {
  /** Goes to a point, facing nowhere. */
  stand(point: Float64Array): void;
  face(direction: Float64Array): void;
  /** What the loss is `step` times the direction from here. */
  probe(step: number): Probe;
  /** Goes there, and adds the gradient of the place to `gradient`. */
  advance(step: number, gradient: Float64Array): void;
}

/** In float64, with these products. */
export function createRowLoss(problem: RowProblem, products: LinearProducts): RowLoss {
  const { features, rows, dims, columns, members, targets, rowWeights, activation } = problem;
  const width = columns * members;
  const logits = new Float64Array(rows * width);
  const slopes = new Float64Array(rows * width);
  const residuals = new Float64Array(rows * width);
  const settle = activation === "softmax" ? settleSoftmax : settleSigmoid;
  const bend = activation === "softmax" ? softmaxCurvature : sigmoidCurvature;

  return {
    stand(point) {
      products.fillLogits(features, rows, dims, width, point, logits);
      slopes.fill(0);
    },
    face: (direction) => products.fillLogits(features, rows, dims, width, direction, slopes),
    probe(step) {
      for (let at = 0; at < residuals.length; at++) residuals[at] = logits[at]! + step * slopes[at]!;
      let [value, slope, curvature] = [0, 0, 0];
      for (let at = 0; at < rows * members; at++) {
        const start = at * columns;
        const target = Math.floor(at / members) * columns;
        const weight = rowWeights ? rowWeights[at]! : 1;
        value += settle(residuals, start, targets, target, columns, weight);
        for (let column = start; column < start + columns; column++)
          slope += residuals[column]! * slopes[column]!;
        curvature += weight * bend(residuals, slopes, start, targets, target, columns, weight);
      }
      return { value, slope, curvature };
    },
    advance(step, gradient) {
      for (let at = 0; at < logits.length; at++) residuals[at] = logits[at]! += step * slopes[at]!;
      slopes.fill(0);
      for (let at = 0; at < rows * members; at++) {
        const weight = rowWeights ? rowWeights[at]! : 1;
        settle(residuals, at * columns, targets, Math.floor(at / members) * columns, columns, weight);
      }
      products.addGradient(features, rows, dims, width, residuals, gradient);
    },
  };
}

/** The second derivative of one row's loss by the step, from its weighted residuals: the variance of the slopes. */
function softmaxCurvature(
  residuals: Float64Array,
  slopes: Float64Array,
  start: number,
  targets: Float32Array,
  target: number,
  width: number,
  weight: number,
): number {
  let mean = 0;
  let squares = 0;
  for (let at = start, to = target; at < start + width; at++, to++) {
    const probability = residuals[at]! / weight + targets[to]!;
    mean += probability * slopes[at]!;
    squares += probability * slopes[at]! ** 2;
  }
  return squares - mean ** 2;
}

function sigmoidCurvature(
  residuals: Float64Array,
  slopes: Float64Array,
  start: number,
  targets: Float32Array,
  target: number,
  width: number,
  weight: number,
): number {
  let sum = 0;
  for (let at = start, to = target; at < start + width; at++, to++) {
    const probability = residuals[at]! / weight + targets[to]!;
    sum += probability * (1 - probability) * slopes[at]! ** 2;
  }
  return sum;
}

/** Turns the logits of one row into weight · (probabilities − targets), and returns its weighted log loss. */
export function settleSoftmax(
  logits: Float64Array,
  start: number,
  targets: Float32Array,
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
  targets: Float32Array,
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
