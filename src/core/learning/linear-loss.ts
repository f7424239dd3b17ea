// The penalised loss of linear layers: its value, its gradient and the way to the bottom of a line, for softmax and
// for independent sigmoids.

import type { Activation } from "../kernels/kernels";
import { plainProducts, type LinearProducts } from "./linear-products";
import { dot, type Place, type Searchable } from "./line-search";
import { createRowLoss, type Probe } from "./row-loss";

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

/** A step is right when the slope there is this share of what it was: closer costs passes and saves no steps. */
const flat = 0.05;
const maxProbes = 50;

/**
 * Weighted mean log loss plus ‖W‖² / (2·c·total weight), the bias unpenalised: scikit-learn's
 * c·Σ weight · loss + ½‖W‖² divided by c·total weight, so that one gradient tolerance suits every size. Several
 * members are added up, each divided by the mean total weight.
 *
 * The point holds the weights member by member and class by class (members · columns.length × dims), then the
 * biases in the same order. Searches go on from the place evaluated or found last.
 * @param columns the classes that take part, as indices into the targets.
 */
export function createLinearLoss(
  problem: LinearProblem,
  columns: readonly number[],
  activation: Activation,
  c: number,
): Searchable {
  const { features, rows, dims, members = 1, rowWeights, products = plainProducts } = problem;
  const width = columns.length * members;
  const weights = width * dims;
  const total = totalWeight(problem);
  const targets = pickColumns(problem, columns);
  const { length } = columns;
  const rowProblem = { features, rows, dims, columns: length, members, targets, rowWeights, activation };
  const rowLoss = products.openRowLoss?.(rowProblem) ?? createRowLoss(rowProblem, products);

  /** Goes `step` further, to `point`. */
  function settleAt(point: Float64Array, step: number, gradient: Float64Array): void {
    gradient.fill(0);
    rowLoss.advance(step, gradient);
    const scale = 1 / total;
    const decay = 1 / (c * total);
    for (let at = 0; at < weights; at++) gradient[at] = gradient[at]! * scale + point[at]! * decay;
    for (let at = weights; at < gradient.length; at++) gradient[at]! *= scale;
  }

  return {
    evaluate(point, gradient) {
      rowLoss.stand(point);
      const { value } = rowLoss.probe(0);
      settleAt(point, 0, gradient);
      return (value + squared(point.subarray(0, weights)) / (2 * c)) / total;
    },
    search(from, direction, firstStep, trial, share = flat) {
      rowLoss.face(direction);
      const penalty = penaltyAlong(from.point, direction, weights);
      const slopeLeft = share * Math.abs(dot(from.gradient, direction));
      const found = bottomOf(from, slopeLeft, firstStep, (step) => {
        const { value, slope, curvature } = rowLoss.probe(step);
        const further = penalty.value + step * (2 * penalty.slope + step * penalty.curvature);
        return {
          value: (value + further / (2 * c)) / total,
          slope: (slope + (penalty.slope + step * penalty.curvature) / c) / total,
          curvature: (curvature + penalty.curvature / c) / total,
        };
      });
      if (!found) return false;
      for (let at = 0; at < direction.length; at++)
        trial.point[at] = from.point[at]! + found.step * direction[at]!;
      settleAt(trial.point, found.step, trial.gradient);
      trial.value = found.value;
      return true;
    },
  };
}

/**
 * The minimum of a convex function of the step by Newton's method within a bracket; null where rounding leaves
 * none below the start.
 */
function bottomOf(
  from: Place,
  slopeLeft: number,
  firstStep: number,
  probe: (step: number) => Probe,
): { step: number; value: number } | null {
  // A convex function that still falls is lower than where it began, and one that rises a little can only be higher
  // after a kink: this much is for rounding.
  const highest = from.value + 1e-6 * Math.abs(from.value);
  let low = 0;
  let high = Infinity;
  let step = firstStep;
  for (let turn = 0; turn < maxProbes; turn++) {
    const { value, slope, curvature } = probe(step);
    if (Math.abs(slope) <= slopeLeft && value <= highest) return { step, value };
    if (slope < 0) low = step;
    // What is not a number counts as too far.
    else high = step;
    const newton = step - slope / curvature;
    if (newton > low && newton < high) step = newton;
    else step = high < Infinity ? (low + high) / 2 : 2 * low;
  }
  return null;
}

/** ‖W‖² at a point, half its slope and half its curvature along a direction, in one pass; two sums each. */
function penaltyAlong(point: Float64Array, direction: Float64Array, weights: number): Probe {
  let [value, slope, curvature] = [0, 0, 0];
  let [otherValue, otherSlope, otherCurvature] = [0, 0, 0];
  let at = 0;
  for (; at + 2 <= weights; at += 2) {
    const w = point[at]!;
    const d = direction[at]!;
    const v = point[at + 1]!;
    const e = direction[at + 1]!;
    value += w * w;
    slope += w * d;
    curvature += d * d;
    otherValue += v * v;
    otherSlope += v * e;
    otherCurvature += e * e;
  }
  if (at < weights) {
    value += point[at]! ** 2;
    slope += point[at]! * direction[at]!;
    curvature += direction[at]! ** 2;
  }
  return {
    value: value + otherValue,
    slope: slope + otherSlope,
    curvature: curvature + otherCurvature,
  };
}

function squared(values: Float64Array): number {
  return dot(values, values);
}

/** Of one member on average; the number of rows where nothing is weighted. */
export function totalWeight({ rows, members = 1, rowWeights }: LinearProblem): number {
  return rowWeights ? rowWeights.reduce((sum, weight) => sum + weight, 0) / members : rows;
}

function pickColumns({ targets, rows, classes }: LinearProblem, columns: readonly number[]): Float32Array {
  const picked = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++)
    columns.forEach((column, to) => {
      picked[row * columns.length + to] = targets[row * classes + column]!;
    });
  return picked;
}
