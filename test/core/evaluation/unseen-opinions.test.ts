// A model that has not learnt from a label is asked about it: wrong labels stand out that the model itself believes.

import { expect, it } from "vitest";
import { ClassConfidence, isSuspect } from "../../../src/core/evaluation/suspect-label";
import { unseenOpinions } from "../../../src/core/evaluation/unseen-opinions";
import { scoresFromLogits } from "../../../src/core/kernels/scores";
import { fitLogistic } from "../../../src/core/learning/fit-logistic";
import { logitsOf } from "../../../src/core/learning/fit-linear";
import type { TrainingSet } from "../../../src/core/learning/head";
import { createRandom } from "../../../src/core/random";

const [rows, dims, classes] = [60, 40, 3];
/** Every tenth row says another class than it is of. */
const isWrong = (row: number) => row % 10 === 4;

function wronglyLabelled(): TrainingSet {
  const random = createRandom(5);
  const features = new Float32Array(rows * dims);
  const targets = new Uint8Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const own = row % classes;
    for (let dim = 0; dim < dims; dim++)
      features[row * dims + dim] = (dim === own ? 1 : 0) + 0.25 * random.normal();
    targets[row * classes + ((own + (isWrong(row) ? 1 : 0)) % classes)] = 1;
  }
  return {
    features,
    rows,
    dims,
    targets,
    classes,
    places: Uint32Array.from({ length: rows }, (_, at) => at),
  };
}

const tools = () => ({ random: createRandom(1), stop: null });

function suspects({ targets }: TrainingSet, probabilities: ArrayLike<number>): number[] {
  const labelOf = (row: number) => targets.subarray(row * classes, (row + 1) * classes).indexOf(1);
  const ofRow = (row: number) =>
    Array.from({ length: classes }, (_, at) => probabilities[row * classes + at]!);
  const confidence = new ClassConfidence(classes);
  for (let row = 0; row < rows; row++) confidence.add(labelOf(row), ofRow(row)[labelOf(row)]!);
  const thresholds = confidence.thresholds();
  return Array.from({ length: rows }, (_, row) => row).filter((row) =>
    isSuspect(ofRow(row), labelOf(row), thresholds),
  );
}

it("finds wrong labels that the model fitted to them has learnt by heart", () => {
  const training = wronglyLabelled();
  const wrong = Array.from({ length: rows }, (_, row) => row).filter(isWrong);
  const { layer } = fitLogistic(training, { c: 10 }, null, tools());
  const own = scoresFromLogits(logitsOf(layer, training.features, rows), rows, classes, "softmax");
  const bySelf = suspects(training, own.probabilities).filter(isWrong);
  const unseen = suspects(training, unseenOpinions(training, tools())!);
  expect(unseen.filter(isWrong)).toEqual(wrong);
  expect(unseen.length).toBeLessThan(wrong.length * 2);
  expect(bySelf.length).toBeLessThan(wrong.length);
});

it("says nothing of a class that only one row has, and nothing at all with too few rows", () => {
  const training = wronglyLabelled();
  const targets = training.targets.slice();
  for (let row = 0; row < rows; row++) if (targets[row * classes + 2]) targets.set([1, 0, 0], row * classes);
  targets.set([0, 0, 1], 0);
  const found = unseenOpinions({ ...training, targets }, tools())!;
  expect(found.subarray(0, classes).every(Number.isNaN)).toBe(true);
  const rest = found.subarray(classes);
  for (let from = 0; from < rest.length; from += classes)
    expect(rest[from]! + rest[from + 1]! + rest[from + 2]!).toBeCloseTo(1);
  const few = { ...training, rows: 9, features: training.features.slice(0, 9 * dims) };
  expect(unseenOpinions({ ...few, targets: training.targets.slice(0, 27) }, tools())).toBeNull();
});

it("is the same each time", () => {
  const training = wronglyLabelled();
  expect(unseenOpinions(training, tools())).toEqual(unseenOpinions(training, tools()));
});
