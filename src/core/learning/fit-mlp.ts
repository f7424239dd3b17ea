// Fits a perceptron with one hidden layer of rectified linear units to convergence.

import { TooFewLabels, type StopSignal } from "../errors";
import type { Activation } from "../kernels/kernels";
import type { Random } from "../random";
import type { Steps } from "../steps";
import { fillOtherBiases, fittableColumns, logitsOf } from "./fit-linear";
import type { TrainingSet } from "./head";
import { minimiseInSteps } from "./lbfgs";
import { plainProducts } from "./linear-products";
import type { Objective } from "./line-search";
import type { MlpModel } from "./model";
import { settleSigmoid, settleSoftmax } from "./row-loss";

const maxIterations = 1000;
/** Of the mean loss: small problems end here, others by their stall. */
const gradientTolerance = 1e-5;

export interface MlpOptions {
  readonly units: number;
  /** c·Σ log loss + ½(‖W₁‖² + ‖W₂‖²) is minimised, biases unpenalised. */
  readonly c: number;
  /** Where the weights start; the same seed gives the same model. */
  readonly random: Random;
  readonly stop: StopSignal | null;
  /** Share of the loss that ten iterations must gain for another to follow. */
  readonly stall: number;
}

export interface FittedMlp {
  readonly model: MlpModel;
  /** Penalised sum. */
  readonly loss: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Where the four parts of a point begin. */
export interface MlpLayout {
  readonly dims: number;
  readonly units: number;
  readonly columns: readonly number[];
  /** units × dims weights, then units biases, as `LinearProducts` takes them. */
  readonly hiddenLength: number;
  /** columns × units weights begin at hiddenLength, columns biases here. */
  readonly outputBiases: number;
  readonly length: number;
}

/**
 * By L-BFGS, a step each iteration, whose line search does for kinks too (./line-search.ts). Classes that cannot be told apart are left
 * out as `fitLayers` leaves them out.
 * @throws TooFewLabels when no class can be told from another; Stopped when told to stop.
 */
export function* fitMlp(
  training: TrainingSet,
  activation: Activation,
  options: MlpOptions,
): Steps<FittedMlp> {
  const columns = fittableColumns(training, activation);
  if (columns.length < (activation === "softmax" ? 2 : 1)) throw new TooFewLabels();
  const layout = layOut(training.dims, options.units, columns);
  const start = startingPoint(layout, options.random);
  const loss = createMlpLoss(training, layout, activation, options.c);
  const found = yield* minimiseInSteps(loss, start, {
    tolerance: gradientTolerance,
    stall: options.stall,
    maxIterations,
    stop: options.stop,
  });
  return {
    model: toModel(training, layout, found.point, activation),
    loss: found.value * options.c * training.rows,
    iterations: found.iterations,
    converged: found.converged,
  };
}

/** @param columns the classes that take part, as indices into the targets. */
export function layOut(dims: number, units: number, columns: readonly number[]): MlpLayout {
  const hiddenLength = units * (dims + 1);
  const outputBiases = hiddenLength + columns.length * units;
  return { dims, units, columns, hiddenLength, outputBiases, length: outputBiases + columns.length };
}

/** He et al., Delving Deep into Rectifiers, 2015: variance 2 / inputs; biases 0. */
function startingPoint({ dims, units, hiddenLength, outputBiases, length }: MlpLayout, random: Random) {
  const point = new Float64Array(length);
  for (let at = 0; at < units * dims; at++) point[at] = random.normal() * Math.sqrt(2 / dims);
  for (let at = hiddenLength; at < outputBiases; at++) point[at] = random.normal() * Math.sqrt(2 / units);
  return point;
}

/** Mean log loss plus (‖W₁‖² + ‖W₂‖²) / (2·c·rows), and its gradient. */
export function createMlpLoss(
  training: TrainingSet,
  layout: MlpLayout,
  activation: Activation,
  c: number,
): Objective {
  const { features, rows, dims, classes, targets, products = plainProducts } = training;
  const { units, columns, hiddenLength, outputBiases, length } = layout;
  const width = columns.length;
  const picked = Float32Array.from(
    { length: rows * width },
    (_, at) => targets[Math.floor(at / width) * classes + columns[at % width]!]!,
  );
  const settle = activation === "softmax" ? settleSoftmax : settleSigmoid;
  /** rows × units: sums, then what is sent on, then what comes back. */
  const hidden = new Float64Array(rows * units);
  const back = new Float64Array(rows * units);
  const residuals = new Float64Array(width);
  return (point, gradient) => {
    gradient.fill(0);
    products.fillLogits(features, rows, dims, units, point.subarray(0, hiddenLength), hidden);
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const from = row * units;
      for (let unit = from; unit < from + units; unit++) hidden[unit] = Math.max(0, hidden[unit]!);
      for (let column = 0; column < width; column++) {
        let sum = point[outputBiases + column]!;
        const weights = hiddenLength + column * units;
        for (let unit = 0; unit < units; unit++) sum += hidden[from + unit]! * point[weights + unit]!;
        residuals[column] = sum;
      }
      loss += settle(residuals, 0, picked, row * width, width, 1);
      back.fill(0, from, from + units);
      for (let column = 0; column < width; column++) {
        const residual = residuals[column]!;
        const weights = hiddenLength + column * units;
        gradient[outputBiases + column]! += residual;
        for (let unit = 0; unit < units; unit++) {
          const active = hidden[from + unit]!;
          if (active === 0) continue;
          gradient[weights + unit]! += residual * active;
          back[from + unit]! += residual * point[weights + unit]!;
        }
      }
    }
    products.addGradient(features, rows, dims, units, back, gradient.subarray(0, hiddenLength));

    let penalty = 0;
    const isBias = (at: number) => (at >= units * dims && at < hiddenLength) || at >= outputBiases;
    for (let at = 0; at < length; at++) {
      const weight = isBias(at) ? 0 : point[at]!;
      penalty += weight * weight;
      gradient[at] = (gradient[at]! + weight / c) / rows;
    }
    return (loss + penalty / (2 * c)) / rows;
  };
}

function toModel(
  { features, rows, targets, classes }: TrainingSet,
  { dims, units, columns, hiddenLength, outputBiases }: MlpLayout,
  point: Float64Array,
  activation: Activation,
): MlpModel {
  const hidden = {
    dims,
    classes: units,
    weights: new Float32Array(dims * units),
    bias: Float32Array.from(point.subarray(units * dims, hiddenLength)),
  };
  for (let unit = 0; unit < units; unit++)
    for (let k = 0; k < dims; k++) hidden.weights[k * units + unit] = point[unit * dims + k]!;
  const output = {
    dims: units,
    classes,
    weights: new Float32Array(units * classes),
    bias: new Float32Array(classes),
  };
  columns.forEach((column, place) => {
    for (let unit = 0; unit < units; unit++)
      output.weights[unit * classes + column] = point[hiddenLength + place * units + unit]!;
    output.bias[column] = point[outputBiases + place]!;
  });
  const activated = Float32Array.from(logitsOf(hidden, features, rows), (sum) => Math.max(0, sum));
  const problem = { features: activated, rows, dims: units, targets, classes };
  fillOtherBiases(output, problem, columns, activation, rows);
  return { kind: "mlp", hidden, output, activation };
}
