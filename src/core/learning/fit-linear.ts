// Fits linear layers to convergence: one, or several side by side. What heads have in common.

import { TooFewLabels, type StopSignal } from "../errors";
import type { Activation, LinearLayer } from "../kernels/kernels";
import { minimise } from "./lbfgs";
import { plainProducts } from "./linear-products";
import { dot, type Searchable } from "./line-search";
import { createStepMemory } from "./step-memory";
import { createLinearLoss, totalWeight, type LinearProblem } from "./linear-loss";

/** Of the mean loss. Probabilities then agree with scikit-learn's to well under 1e-4. */
export const fineTolerance = 1e-6;
const maxIterations = 1000;
/** Steps to remember: with lines followed to their bottom, 20 saved a third of the steps that 10 took. */
const steps = 20;

export interface FitOptions {
  /** The strength of the fit: c·Σ log loss + ½‖W‖² is minimised. */
  readonly c: number;
  /**
   * Where to start, for every member, at the scale that suits best: it may be calibrated. Zero where it is null, or
   * of another shape.
   */
  readonly warm: LinearLayer | null;
  readonly stop: StopSignal | null;
  /** Largest component of the gradient of the mean loss at which to end. */
  readonly tolerance?: number;
  /** Rows that a person has labelled, where not all are. */
  readonly labelled?: number;
}

export interface FittedLayers {
  /** One for each member. */
  readonly layers: readonly LinearLayer[];
  /** The penalised sum over the classes that took part, per member on average. */
  readonly loss: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Minimises c·Σ log loss + ½‖W‖², bias unpenalised (scikit-learn's convention; for softmax also with two
 * classes, where scikit-learn calls it `multi_class="multinomial"`). Members share every product with the
 * features.
 *
 * A class without examples of both outcomes has no finite optimum: its bias would run to infinity. It is left
 * out of the fit and gets zero weights and a bias after Laplace's rule of succession: on average over the
 * rows about one further labelled row's worth of probability, 1 / (labelled + 2).
 * @throws TooFewLabels when no class can be told from another; Stopped when told to stop.
 */
export function fitLayers(problem: LinearProblem, activation: Activation, options: FitOptions): FittedLayers {
  const columns = fittableColumns(problem, activation);
  if (columns.length < (activation === "softmax" ? 2 : 1)) throw new TooFewLabels();
  const { members = 1 } = problem;
  const loss = createLinearLoss(problem, columns, activation, options.c);
  const start = startingPoint(problem, columns, options.warm);
  const { tolerance = fineTolerance, stop, labelled = problem.rows } = options;
  rescale(loss, start);
  const { products = plainProducts } = problem;
  const memory = (products.openStepMemory ?? createStepMemory)(start.length, steps);
  const found = minimise(loss, start, { tolerance, maxIterations, stop, memory });
  const layers = Array.from({ length: members }, (_, member) => {
    const layer = toLayer(problem, columns, found.point, member);
    fillOtherBiases(layer, problem, columns, activation, labelled);
    return layer;
  });
  return {
    layers,
    loss: (found.value * options.c * totalWeight(problem)) / members,
    iterations: found.iterations,
    converged: found.converged,
  };
}

/** A layer with all its logits times a factor. */
export function scaleLayer(layer: LinearLayer, factor: number): LinearLayer {
  return {
    ...layer,
    weights: layer.weights.map((weight) => weight * factor),
    bias: layer.bias.map((bias) => bias * factor),
  };
}

/** X W + b of rows × dims, in float64. */
export function logitsOf(
  { dims, classes, weights, bias }: LinearLayer,
  features: Float32Array,
  rows: number,
): Float64Array {
  // Class by class, as products take them.
  const point = new Float64Array(classes * (dims + 1));
  for (let k = 0; k < dims; k++)
    for (let c = 0; c < classes; c++) point[c * dims + k] = weights[k * classes + c]!;
  point.set(bias, classes * dims);
  const logits = new Float64Array(rows * classes);
  plainProducts.fillLogits(features, rows, dims, classes, point, logits);
  return logits;
}

/** The classes that have examples of both outcomes; under softmax those that have any. */
export function fittableColumns(
  { targets, rows, classes }: Pick<LinearProblem, "targets" | "rows" | "classes">,
  activation: Activation,
): number[] {
  const positives = new Float64Array(classes);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < classes; column++) positives[column]! += targets[row * classes + column]!;
  return Array.from(positives.keys()).filter(
    (at) => positives[at]! > 0 && (activation === "softmax" || positives[at]! < rows),
  );
}

function startingPoint(
  { dims, classes, members = 1 }: LinearProblem,
  columns: readonly number[],
  warm: LinearLayer | null,
): Float64Array {
  const width = columns.length * members;
  const point = new Float64Array(width * (dims + 1));
  if (!warm || warm.dims !== dims || warm.classes !== classes) return point;
  for (let to = 0; to < width; to++) {
    const column = columns[to % columns.length]!;
    for (let k = 0; k < dims; k++) point[to * dims + k] = warm.weights[k * classes + column]!;
    point[width * dims + to] = warm.bias[column]!;
  }
  // A broken layer must not break every later round.
  return point.every(Number.isFinite) ? point : point.fill(0);
}

/** Moves along the line through zero to the lowest place; stays where that is none. */
function rescale({ evaluate, search }: Searchable, start: Float64Array): void {
  if (start.every((value) => value === 0)) return;
  const here = { point: start, gradient: new Float64Array(start.length), value: 0 };
  here.value = evaluate(start, here.gradient);
  const sign = dot(start, here.gradient) > 0 ? -1 : 1;
  const trial = { point: new Float64Array(start.length), gradient: new Float64Array(start.length), value: 0 };
  const direction = start.map((value) => sign * value);
  if (search(here, direction, 0.1, trial, 1e-4)) start.set(trial.point);
}

function toLayer(
  { dims, classes, members = 1 }: LinearProblem,
  columns: readonly number[],
  point: Float64Array,
  member: number,
): LinearLayer {
  const weights = new Float32Array(dims * classes);
  const bias = new Float32Array(classes);
  columns.forEach((column, place) => {
    const from = member * columns.length + place;
    for (let k = 0; k < dims; k++) weights[k * classes + column] = point[from * dims + k]!;
    bias[column] = point[columns.length * members * dims + from]!;
  });
  return { dims, classes, weights, bias };
}

/** Gives the classes left out of a fit the bias that `fitLayers` says. */
export function fillOtherBiases(
  layer: LinearLayer,
  problem: LinearProblem,
  columns: readonly number[],
  activation: Activation,
  labelled: number,
): void {
  if (columns.length === layer.classes) return;
  const odds = Math.log(labelled + 1);
  const level = activation === "softmax" ? meanLogSum(layer, problem, columns) : 0;
  for (let column = 0; column < layer.classes; column++) {
    if (columns.includes(column)) continue;
    const always = problem.targets[column] === 1;
    layer.bias[column] = always ? level + odds : level - odds;
  }
}

/** Mean over the rows of ln Σ exp(logit) of the fitted columns. */
function meanLogSum(
  layer: LinearLayer,
  { features, rows }: LinearProblem,
  columns: readonly number[],
): number {
  const logits = logitsOf(layer, features, rows);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const ofRow = columns.map((column) => logits[row * layer.classes + column]!);
    const highest = Math.max(...ofRow);
    sum += highest + Math.log(ofRow.reduce((total, logit) => total + Math.exp(logit - highest), 0));
  }
  return sum / rows;
}
