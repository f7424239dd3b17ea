// The logistic head against scikit-learn's, and against sums done by hand.

import { expect, test } from "vitest";
import { head } from "../../../src/core/heads/logistic";
import sklearn from "../../fixtures/logistic-sklearn.json";
import { layerOf, makeTraining, predict, toolsFor } from "../make-training";

test.each(sklearn)("agrees with scikit-learn to 1e-4: $name", async (example) => {
  const features = example.labels.map((_, row) =>
    example.features.slice(row * example.dims, (row + 1) * example.dims),
  );
  const training = makeTraining(
    features,
    example.labels.map((one) => [one]),
    example.classes,
  );
  const fitted = head.fit(training, { c: example.c }, null, toolsFor(training));
  const probabilities = await predict(fitted, training);
  probabilities.forEach((p, at) => expect(Math.abs(p - example.softmax[at]!)).toBeLessThan(1e-4));
});

test("the loss is c · Σ log loss + ½‖W‖² with the bias left out", async () => {
  const training = makeTraining(
    [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    [[0], [1], [1]],
    2,
  );
  const fitted = head.fit(training, { c: 2 }, null, toolsFor(training));
  const probabilities = await predict(fitted, training);
  const logLoss = -Math.log(probabilities[0]!) - Math.log(probabilities[3]!) - Math.log(probabilities[5]!);
  const penalty = layerOf(fitted).weights.reduce((sum, weight) => sum + weight * weight, 0) / 2;
  expect(fitted.loss).toBeCloseTo(2 * logLoss + penalty, 5);
});

test("a class without examples gets about one further row's worth of probability", async () => {
  // Both rows at the same place: ½ and ½, and so a third column of 1 / (2 + 2).
  const training = makeTraining([[1], [1]], [[0], [2]], 3);
  const probabilities = await predict(head.fit(training, { c: 1 }, null, toolsFor(training)), training);
  expect(probabilities[1]).toBeCloseTo(1 / 4, 4);
  expect(probabilities[0]).toBeCloseTo(3 / 8, 4);
});
