// Fits a linear layer to convergence. The heads `logistic` and `one-vs-rest` differ only in the activation
// they ask for here.

import { TooFewLabels, type StopSignal } from "./errors";
import type { FittedHead, TrainingSet } from "./head";
import type { Activation, LinearLayer } from "./kernels";
import { minimise } from "./lbfgs";
import { createLinearLoss } from "./linear-loss";
import type { Parameter } from "./parameter";

export const strength: Parameter = {
  id: "c",
  label: "Fit strength (C)",
  summary: "Higher follows the labels more closely; lower keeps the model simpler.",
  min: 0.01,
  max: 1000,
  step: 0.01,
  // Embeddings have length 1, so the weights must grow before the model can be sure of anything.
  initial: 10,
};

// Of the mean loss. Probabilities then agree with scikit-learn's to well under 1e-4.
const tolerance = 1e-6;
const maxIterations = 1000;

/**
 * Minimises c·Σ log loss + ½‖W‖², bias unpenalised (scikit-learn's convention; for softmax also with two
 * classes, where scikit-learn calls it `multi_class="multinomial"`).
 *
 * A class without examples of both outcomes has no finite optimum: its bias would run to infinity. It is left
 * out of the fit and gets zero weights and a bias after Laplace's rule of succession: on average over the
 * training rows about one further row's worth of probability, 1 / (rows + 2).
 * @returns `loss` is the value of that sum over the classes that took part.
 * @throws TooFewLabels when no class can be told from another; Stopped when told to stop.
 */
export function fitLinear(
  training: TrainingSet,
  activation: Activation,
  c: number,
  warm: LinearLayer | null,
  stop: StopSignal | null,
): FittedHead {
  const columns = fittableColumns(training, activation);
  if (columns.length < (activation === "softmax" ? 2 : 1)) throw new TooFewLabels();
  const loss = createLinearLoss(training, columns, activation, c);
  const start = startingPoint(training, columns, warm);
  const found = minimise(loss, start, { tolerance, maxIterations, stop });
  const layer = toLayer(training, columns, found.point);
  fillOtherBiases(layer, training, columns, activation);
  return {
    layer,
    activation,
    loss: found.value * c * training.rows,
    iterations: found.iterations,
    converged: found.converged,
  };
}

function fittableColumns({ targets, rows, classes }: TrainingSet, activation: Activation): number[] {
  const positives = new Uint32Array(classes);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < classes; column++) positives[column]! += targets[row * classes + column]!;
  const most = activation === "softmax" ? rows : rows - 1;
  return Array.from(positives.keys()).filter((at) => positives[at]! > 0 && positives[at]! <= most);
}

function startingPoint(
  { dims, classes }: TrainingSet,
  columns: readonly number[],
  warm: LinearLayer | null,
): Float64Array {
  const point = new Float64Array(columns.length * (dims + 1));
  if (!warm || warm.dims !== dims || warm.classes !== classes) return point;
  columns.forEach((column, to) => {
    for (let k = 0; k < dims; k++) point[to * dims + k] = warm.weights[k * classes + column]!;
    point[columns.length * dims + to] = warm.bias[column]!;
  });
  // A broken layer must not break every later round.
  return point.every(Number.isFinite) ? point : point.fill(0);
}

function toLayer({ dims, classes }: TrainingSet, columns: readonly number[], point: Float64Array) {
  const weights = new Float32Array(dims * classes);
  const bias = new Float32Array(classes);
  columns.forEach((column, from) => {
    for (let k = 0; k < dims; k++) weights[k * classes + column] = point[from * dims + k]!;
    bias[column] = point[columns.length * dims + from]!;
  });
  return { dims, classes, weights, bias };
}

function fillOtherBiases(
  layer: LinearLayer,
  training: TrainingSet,
  columns: readonly number[],
  activation: Activation,
): void {
  const odds = Math.log(training.rows + 1);
  const level = activation === "softmax" ? meanLogSum(layer, training, columns) : 0;
  for (let column = 0; column < layer.classes; column++) {
    if (columns.includes(column)) continue;
    const always = training.targets[column] === 1;
    layer.bias[column] = always ? level + odds : level - odds;
  }
}

/** Mean over the training rows of ln Σ exp(logit) of the fitted columns. */
function meanLogSum(layer: LinearLayer, training: TrainingSet, columns: readonly number[]): number {
  const { rows, dims, features } = training;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const logits = columns.map((column) => {
      let logit = layer.bias[column]!;
      for (let k = 0; k < dims; k++)
        logit += features[row * dims + k]! * layer.weights[k * layer.classes + column]!;
      return logit;
    });
    const highest = Math.max(...logits);
    sum += highest + Math.log(logits.reduce((total, logit) => total + Math.exp(logit - highest), 0));
  }
  return sum / rows;
}
