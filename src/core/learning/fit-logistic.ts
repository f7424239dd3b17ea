// Logistic regression as the heads share it: with classes weighted evenly, the strength chosen and the result
// calibrated on rows left out, where that is wanted and there are labels enough.

import type { StopSignal } from "../errors";
import { fitLayers, logitsOf, scaleLayer, type FittedLayers } from "./fit-linear";
import { stratifiedFolds, subset, type Fold } from "./folds";
import type { FittedHead, TrainingSet } from "./head";
import type { LinearLayer } from "../kernels/kernels";
import type { Parameter } from "../parameter";
import type { Random } from "../random";
import { finish, type Steps } from "../steps";
import { fitTemperature, negativeLogLikelihood, type Unseen } from "./temperature";

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

export const tune: Parameter = {
  id: "tune",
  label: "Choose the fit strength by itself",
  summary:
    "Tries five strengths on answers left out, once there are 40 and 5 of each class; else keeps the one set.",
  min: 0,
  max: 1,
  step: 1,
  initial: 0,
};

export const balance: Parameter = {
  id: "balance",
  label: "Count classes evenly",
  summary: "Lets a rare class weigh as much as a common one.",
  min: 0,
  max: 1,
  step: 1,
  initial: 0,
};

export const calibrate: Parameter = {
  id: "calibrate",
  label: "Make confidence honest",
  summary: "Adjusts how sure the model says it is to how often it is right on answers left out.",
  min: 0,
  max: 1,
  step: 1,
  initial: 1,
};

/** A factor of 10 apart: closer ones differ by less than the folds can tell. */
export const strengthGrid: readonly number[] = [0.1, 1, 10, 100, 1000];
export const foldCount = 5;
/** At 100 such a start moves the temperature by 1% at most; at 1,000 from 0.48 to 0.71, 50 labels of 10 classes. */
const forgetfulUpTo = 100;
const enoughToTune = { rows: 40, each: 5 };
/** Fits that are only compared need not be exact. */
export const coarseTolerance = 1e-4;

export interface LogisticTools {
  readonly random: Random;
  readonly stop: StopSignal | null;
}

export interface FittedLogistic extends FittedLayers {
  /** Calibrated. */
  readonly layer: LinearLayer;
  readonly temperature: number;
  readonly c: number;
}

/** Fits by softmax. `parameters` are those above; what is missing counts as 0 (but `c`). */
export function fitLogistic(
  training: TrainingSet,
  parameters: Readonly<Record<string, number>>,
  warm: LinearLayer | null,
  { random, stop }: LogisticTools,
  lastTolerance?: number,
): FittedLogistic {
  const fitOne = (set: TrainingSet, c: number, start: LinearLayer | null, tolerance?: number) => {
    const options = { c, warm: start, stop, ...(tolerance !== undefined && { tolerance }) };
    return fitLayers(parameters["balance"] ? balanced(set) : set, "softmax", options);
  };
  const tuning = Boolean(parameters["tune"]) && canTune(training);
  const folds =
    tuning || parameters["calibrate"] ? stratifiedFolds(training, foldCount, random.fork("folds")) : [];
  const grid = tuning ? strengthGrid : [parameters["c"]!];
  const early = tuning ? null : fitOne(training, grid[0]!, warm, lastTolerance);
  // A fit to all rows is the best start for those that leave some out, and what it knew of them is forgotten within
  // the tolerance; but not where the fit is so strong that the loss of the others is flat there.
  const { c, temperature } = choose(
    training,
    folds,
    grid,
    grid[0]! <= forgetfulUpTo ? (early?.layers[0] ?? null) : null,
    (set, at, start) => fitOne(set, at, start, coarseTolerance).layers[0]!,
  );
  const divisor = parameters["calibrate"] ? temperature : 1;
  const fitted = early ?? fitOne(training, c, warm, lastTolerance);
  return { ...fitted, layer: scaleLayer(fitted.layers[0]!, 1 / divisor), temperature: divisor, c };
}

/** What a head by softmax returns. */
export function toFittedHead(
  { layer, temperature, loss, iterations, converged }: Omit<FittedLogistic, "layers" | "c">,
  { posterior = null, fallback = null }: Partial<Pick<FittedHead, "posterior" | "fallback">> = {},
): FittedHead {
  const model = { kind: "linear", layer, activation: "softmax" } as const;
  return { model, posterior, temperature, fallback, loss, iterations, converged };
}

/** Weights each row by rows / (classes there are · rows of its class), so that every class counts the same. */
export function balanced(training: TrainingSet): TrainingSet & { rowWeights: Float32Array } {
  const { rows, classes, targets } = training;
  const sizes = classSizes(training);
  const present = sizes.filter((size) => size > 0).length;
  const rowWeights = Float32Array.from(
    { length: rows },
    (_, row) => rows / (present * sizes[targets.subarray(row * classes, (row + 1) * classes).indexOf(1)]!),
  );
  return { ...training, rowWeights };
}

/** Gives logits, rows × classes, of rows × dims. */
export type Predictor = (features: Float32Array, rows: number) => Float64Array;

export function byLayer(layer: LinearLayer): Predictor {
  return (features, rows) => logitsOf(layer, features, rows);
}

/**
 * Logits of the rows of each fold by what is fitted without them. Rows of a class that the rest does not hold
 * are left out: nothing could have known them.
 */
export function unseenBy(
  training: TrainingSet,
  folds: readonly Fold[],
  fit: (rest: TrainingSet, fold: Fold, number: number) => Predictor,
): Unseen {
  return finish(
    unseenInSteps(training, folds, function* (...given) {
      return fit(...given);
    }),
  );
}

/** As `unseenBy`, in the steps of the fits. */
export function* unseenInSteps(
  training: TrainingSet,
  folds: readonly Fold[],
  fit: (rest: TrainingSet, fold: Fold, number: number) => Steps<Predictor>,
): Steps<Unseen> {
  const { classes } = training;
  const logits: number[] = [];
  const targets: number[] = [];
  for (const [number, fold] of folds.entries()) {
    const rest = subset(training, fold.train);
    const known = classSizes(rest);
    if (known.filter((size) => size > 0).length < 2) continue;
    const predict = yield* fit(rest, fold, number);
    const tested = subset(training, fold.test);
    const found = predict(tested.features, tested.rows);
    for (let row = 0; row < tested.rows; row++) {
      const ofRow = tested.targets.subarray(row * classes, (row + 1) * classes);
      if (known[ofRow.indexOf(1)] === 0) continue;
      targets.push(...ofRow);
      logits.push(...found.subarray(row * classes, (row + 1) * classes));
    }
  }
  return { logits: Float64Array.from(logits), targets: Uint8Array.from(targets), classes };
}

/** The strength whose unseen rows are likeliest at their own best temperature; the weaker of equals. */
function choose(
  training: TrainingSet,
  folds: readonly Fold[],
  grid: readonly number[],
  start: LinearLayer | null,
  fit: (rest: TrainingSet, c: number, warm: LinearLayer | null) => LinearLayer,
): { c: number; temperature: number } {
  let best = { c: grid[0]!, temperature: 1, cost: Infinity };
  const last: (LinearLayer | null)[] = folds.map(() => start);
  if (folds.length === 0) return best;
  for (const c of grid) {
    const unseen = unseenBy(training, folds, (rest, _, number) => {
      last[number] = fit(rest, c, last[number]!);
      return byLayer(last[number]);
    });
    if (unseen.targets.length === 0) continue;
    const temperature = fitTemperature(unseen);
    const cost = negativeLogLikelihood(unseen, temperature);
    if (cost < best.cost) best = { c, temperature, cost };
  }
  return best;
}

function canTune(training: TrainingSet): boolean {
  const sizes = classSizes(training).filter((size) => size > 0);
  return training.rows >= enoughToTune.rows && Math.min(...sizes) >= enoughToTune.each;
}

function classSizes({ targets, rows, classes }: TrainingSet): number[] {
  const sizes = new Array<number>(classes).fill(0);
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < classes; c++) sizes[c]! += targets[row * classes + c]!;
  return sizes;
}
