// Ridge regressions over several shapes of the embeddings and several strengths, averaged by how likely each makes
// the labels that it was not given: one linear layer in the end.

import { fillOtherBiases, fittableColumns } from "./fit-linear";
import type { TrainingSet } from "./head";
import { throwIfStopped, type StopSignal } from "../errors";
import type { LinearLayer } from "../kernels/kernels";
import { plainProducts, type LinearProducts } from "./linear-products";
import { applyShape, type Shape } from "./pool-shapes";
import { openRidge } from "./ridge";
import { fitTemperature, negativeLogLikelihood } from "./temperature";

/** Half an order of magnitude apart, for features with a mean squared length of 1. */
export const strengths: readonly number[] = [0.03, 0.1, 0.3, 1];
const firstTried = 2;
/** Answers lie between 0 and 1; as logits they want to be five times as far apart. */
const usualTemperature = 0.2;

export interface ShapedRidge {
  /** Calibrated on rows left out. */
  readonly layer: LinearLayer;
  /** asked × classes: calibrated logits of each row by fits without it. */
  readonly unseen: Float64Array;
}

interface Member {
  readonly shape: number;
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  readonly logits: Float64Array;
  readonly temperature: number;
  readonly cost: number;
}

/**
 * Bayesian model averaging with the leave-one-out likelihood for the evidence (Geisser and Eddy, A Predictive
 * Approach to Model Selection, 1979). For each shape strengths are tried as long as they get better.
 * @param asked rows whose left-out logits are wanted; the likelihood is of them, too.
 * @throws TooFewLabels of fewer than two classes; Stopped when told to stop.
 */
export function fitShapedRidge(
  training: TrainingSet,
  shapes: readonly Shape[],
  asked: Uint32Array,
  stop: StopSignal | null,
): ShapedRidge {
  const { rows, dims, classes, targets, features, products = plainProducts } = training;
  const columns = fittableColumns(training, "softmax");
  const width = columns.length;
  const marks = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++)
    columns.forEach((column, c) => (marks[row * width + c] = targets[row * classes + column]!));
  const judge = judgeOf(marks, width, asked);
  const members: Member[] = [];
  let likeliest = firstTried;
  shapes.forEach((shape, number) => {
    throwIfStopped(stop);
    const shaped = applyShape(shape, features, rows, dims, products);
    const ridge = openRidge({ features: shaped, rows, dims, marks, classes: width, asked }, products);
    // What suits one shape is near what suits the next.
    likeliest = tryStrengths(likeliest, (strength) => {
      throwIfStopped(stop);
      const { unseen, ...fit } = ridge.fit(strength);
      const member = { ...fit, shape: number, logits: unseen, ...judge(unseen) };
      members.push(member);
      return member.cost;
    });
  });
  const shares = sharesOf(members);
  const unseen = new Float64Array(asked.length * width);
  members.forEach(({ logits, temperature }, at) =>
    logits.forEach((logit, place) => (unseen[place]! += (shares[at]! * logit) / temperature)),
  );
  const { temperature } = judge(unseen, 1);
  const layer = gather(members, shares, shapes, columns, training, temperature, products);
  fillOtherBiases(layer, training, columns, "softmax", rows);
  return { layer, unseen: spreadColumns(unseen, columns, classes, temperature) };
}

/** From a place in the list down and up, as long as the cost falls. @returns the place of the least cost. */
function tryStrengths(first: number, costOf: (strength: number) => number): number {
  const costs = new Map([[first, costOf(strengths[first]!)]]);
  for (const step of [-1, 1])
    for (let at = first + step; at >= 0 && at < strengths.length; at += step) {
      costs.set(at, costOf(strengths[at]!));
      if (costs.get(at)! >= costs.get(at - step)!) break;
    }
  return [...costs].reduce((best, one) => (one[1] < best[1] ? one : best))[0];
}

/** Judges left-out logits by rows whose class has other examples: nothing could have known the others. */
function judgeOf(marks: Float64Array, width: number, asked: Uint32Array) {
  const sizes = new Float64Array(width);
  marks.forEach((mark, at) => (sizes[at % width]! += mark));
  const classOf = (row: number) => marks.subarray(row * width, (row + 1) * width).indexOf(1);
  const fair = [...asked.keys()].filter((at) => sizes[classOf(asked[at]!)]! > 1);
  const targets = new Uint8Array(fair.length * width);
  fair.forEach((at, to) => (targets[to * width + classOf(asked[at]!)] = 1));
  return (unseen: Float64Array, prior = usualTemperature) => {
    const logits = new Float64Array(fair.length * width);
    fair.forEach((at, to) => logits.set(unseen.subarray(at * width, (at + 1) * width), to * width));
    const given = { logits, targets, classes: width };
    const temperature = fitTemperature(given, prior);
    return { temperature, cost: negativeLogLikelihood(given, temperature) };
  };
}

function sharesOf(members: readonly Member[]): number[] {
  const least = Math.min(...members.map(({ cost }) => cost));
  const weights = members.map(({ cost }) => Math.exp(least - cost));
  const total = weights.reduce((sum, one) => sum + one, 0);
  return weights.map((weight) => weight / total);
}

/** Σ share · (M W, b + bias of M · W) / temperature, in the dimensions of the embeddings. */
function gather(
  members: readonly Member[],
  shares: readonly number[],
  shapes: readonly Shape[],
  columns: readonly number[],
  { dims, classes }: TrainingSet,
  temperature: number,
  products: LinearProducts,
): LinearLayer {
  const width = columns.length;
  const layer = {
    dims,
    classes,
    weights: new Float32Array(dims * classes),
    bias: new Float32Array(classes),
  };
  shapes.forEach((shape, number) => {
    const together = new Float64Array(dims * width);
    members.forEach((member, at) => {
      if (member.shape !== number) return;
      const factor = shares[at]! / (member.temperature * temperature);
      member.weights.forEach((weight, place) => (together[place]! += factor * weight));
      member.bias.forEach((bias, c) => (layer.bias[columns[c]!]! += factor * bias));
    });
    // Rows of the shape are dimensions of z: (shapeᵀ · together), with the biases of z in its last column.
    const found = new Float64Array(width * (dims + 1));
    const rowsOfShape = Float32Array.from(shape.subarray(0, dims * dims));
    products.addGradient(rowsOfShape, dims, dims, width, together, found);
    columns.forEach((column, c) => {
      for (let k = 0; k < dims; k++) layer.weights[k * classes + column]! += found[c * dims + k]!;
      for (let j = 0; j < dims; j++)
        layer.bias[column]! += shape[dims * dims + j]! * together[j * width + c]!;
    });
  });
  return layer;
}

function spreadColumns(
  unseen: Float64Array,
  columns: readonly number[],
  classes: number,
  temperature: number,
): Float64Array {
  const width = columns.length;
  const rows = unseen.length / width;
  const all = new Float64Array(rows * classes).fill(unlikely);
  for (let row = 0; row < rows; row++)
    columns.forEach((column, c) => (all[row * classes + column] = unseen[row * width + c]! / temperature));
  return all;
}

/** The logit of a class without examples; no row asked about has it. */
const unlikely = -30;
