// What the logistic head chooses by itself: the strength, the weights of classes and the temperature.

import { expect, test } from "vitest";
import {
  balanced,
  byLayer,
  fitLogistic,
  foldCount,
  strengthGrid,
  unseenBy,
} from "../../../src/core/learning/fit-logistic";
import { scaleLayer } from "../../../src/core/learning/fit-linear";
import { stratifiedFolds } from "../../../src/core/learning/folds";
import { createRandom } from "../../../src/core/random";
import { fitTemperature, negativeLogLikelihood } from "../../../src/core/learning/temperature";
import { clusters, makeTraining } from "../make-training";

const tools = { random: createRandom(1), stop: null };

/** Rows of chance: no strength can learn anything. */
function noise(rows: number) {
  const random = createRandom(8);
  return makeTraining(
    Array.from({ length: rows }, () => Array.from({ length: 10 }, () => random.normal())),
    Array.from({ length: rows }, (_, row) => [row % 2]),
    2,
  );
}

test("noise is fitted weakly, clear clusters strongly", () => {
  expect(fitLogistic(noise(80), { c: 10, tune: 1 }, null, tools).c).toBe(strengthGrid[0]);
  expect(fitLogistic(clusters(120, 12, 3, 2), { c: 0.1, tune: 1 }, null, tools).c).toBeGreaterThan(0.1);
});

test("with too few labels the given strength stays", () => {
  expect(fitLogistic(noise(38), { c: 7, tune: 1 }, null, tools).c).toBe(7);
  // 60 rows, but only 4 of the second class.
  const few = makeTraining(
    Array.from({ length: 60 }, (_, row) => [row]),
    Array.from({ length: 60 }, (_, row) => [row < 4 ? 1 : 0]),
    2,
  );
  expect(fitLogistic(few, { c: 7, tune: 1 }, null, tools).c).toBe(7);
});

test("calibration cools what overfits and leaves the ranking alone", () => {
  const training = noise(80);
  const raw = fitLogistic(training, { c: 1000 }, null, tools);
  const fitted = fitLogistic(training, { c: 1000, calibrate: 1 }, null, tools);
  expect(raw.temperature).toBe(1);
  expect(fitted.temperature).toBeGreaterThan(1.5);
  fitted.layer.weights.forEach((weight, at) =>
    expect(weight * fitted.temperature).toBeCloseTo(raw.layer.weights[at]!, 2),
  );
});

test("calibration makes unseen rows likelier on the whole", () => {
  const all = clusters(400, 12, 4, 9);
  const folds = stratifiedFolds(all, 5, createRandom(3));
  const costOf = (calibrate: number) =>
    negativeLogLikelihood(
      unseenBy(all, folds, (rest) => byLayer(fitLogistic(rest, { c: 0.5, calibrate }, null, tools).layer)),
      1,
    );
  expect(costOf(1)).toBeLessThan(costOf(0));
});

test("balanced rows weigh the same in sum for each class that is there", () => {
  const training = makeTraining([[1], [1], [1], [0]], [[0], [0], [0], [2]], 3);
  const { rowWeights } = balanced(training);
  [2 / 3, 2 / 3, 2 / 3, 2].forEach((weight, row) => expect(rowWeights[row]).toBeCloseTo(weight, 6));
  // All at one place: the shares become even.
  const same = makeTraining([[1], [1], [1], [1]], [[0], [0], [0], [1]], 2);
  const { layer } = fitLogistic(same, { c: 10, balance: 1 }, null, tools);
  expect(layer.bias[0]! + layer.weights[0]!).toBeCloseTo(layer.bias[1]! + layer.weights[1]!, 4);
});

test("rows of a class that the rest does not hold are not judged", () => {
  const training = makeTraining(
    Array.from({ length: 11 }, (_, row) => [row]),
    Array.from({ length: 11 }, (_, row) => [row === 10 ? 2 : row % 2]),
    3,
  );
  const folds = stratifiedFolds(training, 5, createRandom(1));
  const { targets } = unseenBy(training, folds, (rest) =>
    byLayer(fitLogistic(rest, { c: 1 }, null, tools).layer),
  );
  expect(targets).toHaveLength(3 * 10);
});

test.each([
  ["clusters", clusters(60, 12, 4, 9)],
  ["few clusters", clusters(20, 8, 3, 4)],
  ["many clusters", clusters(400, 24, 6, 5)],
  ["noise", noise(80)],
])("the temperature of %s is that of fits which never saw the rows left out", (_, training) => {
  const { temperature } = fitLogistic(training, { c: 10, calibrate: 1 }, null, tools);
  const folds = stratifiedFolds(training, foldCount, tools.random.fork("folds"));
  const honest = fitTemperature(
    unseenBy(training, folds, (rest) => byLayer(fitLogistic(rest, { c: 10 }, null, tools, 1e-8).layer)),
  );
  const leaking = fitTemperature({
    logits: byLayer(fitLogistic(training, { c: 10 }, null, tools).layer)(training.features, training.rows),
    targets: training.targets,
    classes: training.classes,
  });
  const off = Math.abs(Math.log(temperature / honest));
  expect(off).toBeLessThan(0.01);
  expect(off).toBeLessThan(0.2 * Math.abs(Math.log(leaking / honest)));
});

test("a calibrated layer is as good a start as one that is not", () => {
  const training = clusters(200, 24, 4, 5);
  const { layer } = fitLogistic(training, { c: 10 }, null, tools);
  const again = fitLogistic(training, { c: 10 }, scaleLayer(layer, 3), tools);
  expect(again.iterations).toBeLessThan(3);
});

test("a strong fit is calibrated on rows that its folds have not seen through the start either", () => {
  const training = clusters(100, 64, 10, 4);
  const options = { c: 1000 };
  const folds = stratifiedFolds(training, foldCount, tools.random.fork("folds"));
  const fromNothing = unseenBy(training, folds, (rest) =>
    byLayer(fitLogistic(rest, options, null, tools).layer),
  );
  const { temperature } = fitLogistic(training, { ...options, calibrate: 1 }, null, tools);
  expect(Math.abs(Math.log(temperature / fitTemperature(fromNothing)))).toBeLessThan(0.08);
});
