// The Bayesian head: its covariance by hand, and its doubt where no labels have been.

import { expect, test } from "vitest";
import { covarianceRoot, head } from "../../../src/core/heads/laplace";
import { head as logistic } from "../../../src/core/heads/logistic";
import { logitVariances, predictiveScores } from "../../../src/core/learning/posterior";
import { kernels } from "../make-pool";
import { clusters, layerOf, makeTraining, toolsFor } from "../make-training";

test("the covariance is (I / c + Σ p (1 − p) x xᵀ)⁻¹", () => {
  // A layer of zeros says ½ everywhere: p (1 − p) = ¼. Precision diag(½ + ¼·(4 + 4), ½ + ¼·4).
  const training = makeTraining(
    [
      [2, 0],
      [2, 2],
      [0, 0],
    ],
    [[0], [1], [1]],
    2,
  );
  const layer = { dims: 2, classes: 2, weights: new Float32Array(4), bias: new Float32Array(2) };
  const root = covarianceRoot(training, layer, 2);
  // [[2.5, 1], [1, 1.5]] has determinant 2.75.
  const covariance = [0, 1, 2, 3].map((at) => {
    const [row, column] = [at >> 1, at & 1];
    return root[2 * row]! * root[2 * column]! + root[2 * row + 1]! * root[2 * column + 1]!;
  });
  [1.5 / 2.75, -1 / 2.75, -1 / 2.75, 2.5 / 2.75].forEach((value, at) =>
    expect(covariance[at]).toBeCloseTo(value, 5),
  );
});

test("the guess is the plain head's, the sureness is not, where no labels have been", async () => {
  const training = clusters(60, 6, 2, 4);
  const tools = toolsFor(training);
  const fitted = head.fit(training, { c: 10 }, null, tools);
  expect(fitted.model).toEqual(logistic.fit(training, { c: 10 }, null, tools).model);
  if (fitted.posterior?.kind !== "gaussian") throw new Error("It has a Gaussian posterior.");
  // The same row once as it is and once stretched by ten, out of all that was labelled.
  const near = training.features.subarray(0, 6);
  const matrix = await kernels.upload(Float32Array.of(...near, ...near.map((x) => 10 * x)), 2, 6);
  const [inside, outside] = await logitVariances(fitted.posterior, matrix, kernels, null);
  expect(outside).toBeCloseTo(100 * inside!, 2);
  const plain = await kernels.scores(matrix, layerOf(fitted), "softmax");
  const bayesian = await predictiveScores(fitted, matrix, kernels, null);
  for (const row of [0, 1]) {
    expect(Math.sign(bayesian.probabilities[2 * row]! - 0.5)).toBe(
      Math.sign(plain.probabilities[2 * row]! - 0.5),
    );
    expect(bayesian.margin[row]).toBeGreaterThan(plain.margin[row]!);
  }
});

test("calibration changes the layer's scale alone", () => {
  const training = clusters(80, 6, 3, 5);
  const tools = toolsFor(training);
  const plain = head.fit(training, { c: 10 }, null, tools);
  const fitted = head.fit(training, { c: 10, calibrate: 1 }, null, tools);
  expect(fitted.temperature).not.toBe(1);
  expect(fitted.posterior).toEqual(plain.posterior);
  layerOf(fitted).weights.forEach((weight, at) =>
    expect(weight * fitted.temperature).toBeCloseTo(layerOf(plain).weights[at]!, 3),
  );
});
