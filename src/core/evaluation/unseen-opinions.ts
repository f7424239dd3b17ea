// What a model that has not learnt from them says of labelled rows: out of fold, as suspected labels are judged.
// A model is sure of the labels it was fitted to, wrong ones too.

import { throwIfStopped } from "../errors";
import { byLayer, fitLogistic, foldCount, type LogisticTools } from "../learning/fit-logistic";
import { stratifiedFolds, subset } from "../learning/folds";
import type { TrainingSet } from "../learning/head";
import { fitTemperature } from "../learning/temperature";

/** The initial strength of the heads. */
const strength = 10;

/**
 * Probabilities, rows × classes, by logistic regression fitted to the other folds and calibrated over all of them.
 * Rows whose class none of the others has hold NaN: nothing could have known them. null where there are too few
 * rows for folds.
 * @param training each row in exactly one class.
 * @throws Stopped when told to stop.
 */
export function unseenOpinions(training: TrainingSet, { random, stop }: LogisticTools): Float64Array | null {
  const { rows, classes, targets } = training;
  const folds = stratifiedFolds(training, foldCount, random.fork("unseen opinions"), rows);
  if (folds.length === 0) return null;
  const logits = new Float64Array(rows * classes).fill(NaN);
  const tested: number[] = [];
  for (const { train, test } of folds) {
    throwIfStopped(stop);
    const rest = subset(training, train);
    const known = classesIn(rest);
    if (known.size < 2) continue;
    const { layer } = fitLogistic(rest, { c: strength }, null, { random, stop });
    const found = byLayer(layer)(subset(training, test).features, test.length);
    test.forEach((row, at) => {
      if (!known.has(targets.subarray(row * classes, (row + 1) * classes).indexOf(1))) return;
      logits.set(found.subarray(at * classes, (at + 1) * classes), row * classes);
      tested.push(row);
    });
  }
  return softened(logits, temperatureOf(training, logits, tested), classes);
}

function classesIn({ targets, rows, classes }: TrainingSet): Set<number> {
  const found = new Set<number>();
  for (let row = 0; row < rows; row++)
    found.add(targets.subarray(row * classes, (row + 1) * classes).indexOf(1));
  return found;
}

function temperatureOf({ targets, classes }: TrainingSet, logits: Float64Array, rows: readonly number[]) {
  const gathered = {
    logits: new Float64Array(rows.length * classes),
    targets: new Uint8Array(rows.length * classes),
  };
  rows.forEach((row, at) => {
    gathered.logits.set(logits.subarray(row * classes, (row + 1) * classes), at * classes);
    gathered.targets.set(targets.subarray(row * classes, (row + 1) * classes), at * classes);
  });
  return fitTemperature({ ...gathered, classes });
}

/** Softmax of each row over the temperature, in place. */
function softened(logits: Float64Array, temperature: number, classes: number): Float64Array {
  for (let from = 0; from < logits.length; from += classes) {
    const ofRow = logits.subarray(from, from + classes);
    const highest = Math.max(...ofRow);
    let total = 0;
    for (let at = 0; at < classes; at++) total += ofRow[at] = Math.exp((ofRow[at]! - highest) / temperature);
    for (let at = 0; at < classes; at++) ofRow[at]! /= total;
  }
  return logits;
}
