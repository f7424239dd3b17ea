// How well embeddings tell the classes apart: a logistic head cross-validated on labelled rows. What encoders
// are compared by, so the head is plain and the same for all.

import { TooFewLabels, type StopSignal } from "../errors";
import type { Activation } from "../kernels/kernels";
import { fitLayers, logitsOf } from "../learning/fit-linear";
import { stratifiedFolds, subset } from "../learning/folds";
import type { TrainingSet } from "../learning/head";
import type { Random } from "../random";
import type { Estimate } from "../round";
import { wilson } from "./interval";

const folds = 5;

/** Strength of the fit on rows of length 1; ten is within a point of the best on the shared data sets. */
const strength = 10;

/** Below this the interval says nothing. */
export const fewestCompared = 2 * folds;

/**
 * Share of rows whose answer is right in every class, each row judged by a head that has not seen it.
 * @throws TooFewLabels
 */
export function crossValidate(
  training: TrainingSet,
  activation: Activation,
  random: Random,
  stop: StopSignal | null,
): Estimate {
  const { classes } = training;
  const parts = stratifiedFolds(training, folds, random);
  if (parts.length === 0 || presentClasses(training) < 2)
    throw new TooFewLabels(
      `Comparing needs ${fewestCompared} labels of at least two classes. Answer a few more questions.`,
    );
  let right = 0;
  let judged = 0;
  for (const { train, test } of parts) {
    const { layers } = fitLayers(subset(training, train), activation, { c: strength, warm: null, stop });
    const held = subset(training, test);
    const logits = logitsOf(layers[0]!, held.features, test.length);
    for (let row = 0; row < test.length; row++) {
      const own = logits.subarray(row * classes, (row + 1) * classes);
      if (isRight(own, held.targets.subarray(row * classes, (row + 1) * classes), activation)) right += 1;
    }
    judged += test.length;
  }
  return wilson(right, judged);
}

function presentClasses({ targets, rows, classes }: TrainingSet): number {
  let present = 0;
  for (let one = 0; one < classes; one++) {
    let count = 0;
    for (let row = 0; row < rows; row++) count += targets[row * classes + one]!;
    if (count > 0) present += 1;
  }
  return present;
}

function isRight(logits: Float64Array, targets: ArrayLike<number>, activation: Activation): boolean {
  if (activation === "sigmoid") return logits.every((logit, at) => logit > 0 === targets[at]! > 0);
  let best = 0;
  for (let at = 1; at < logits.length; at++) if (logits[at]! > logits[best]!) best = at;
  return targets[best]! > 0;
}
