// What posteriors say of a few rows, against sums done by hand.

import { expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import type { FittedHead } from "../../../src/core/learning/head";
import type { LinearLayer } from "../../../src/core/kernels/kernels";
import {
  committeeOpinion,
  dampen,
  logitVariances,
  predictiveScores,
} from "../../../src/core/learning/posterior";
import { kernels } from "../make-pool";

/** One dimension, two classes: the first has logit `weight` · x, the second 0. */
const layerOf = (weight: number, bias = 0): LinearLayer => ({
  dims: 1,
  classes: 2,
  weights: Float32Array.of(weight, 0),
  bias: Float32Array.of(bias, 0),
});
const odds = Math.log(3);
const fitted = (posterior: FittedHead["posterior"]): FittedHead => ({
  model: { kind: "linear", layer: layerOf(odds), activation: "softmax" },
  posterior,
  temperature: 1,
  fallback: null,
  loss: 0,
  iterations: 0,
  converged: true,
});
const upload = () => kernels.upload(Float32Array.of(1, 0, 2), 3, 1);

test("without a posterior the layer alone speaks", async () => {
  const { probabilities } = await predictiveScores(fitted(null), await upload(), kernels, null);
  [0.75, 0.25, 0.5, 0.5, 0.9, 0.1].forEach((p, at) => expect(probabilities[at]).toBeCloseTo(p, 6));
});

test("a committee is averaged, and its disagreement kept", async () => {
  // At x = 1 the members say ¾ and ¼; the third, by its bias alone, says ¾ everywhere.
  const layers = [layerOf(odds), layerOf(-odds), layerOf(0, odds)];
  const matrix = await upload();
  const opinion = await committeeOpinion(layers, matrix, kernels, null);
  const entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
  expect(opinion.probabilities[0]).toBeCloseTo((0.75 + 0.25 + 0.75) / 3, 6);
  expect([...opinion.votes].map((share) => Math.round(share * 3))).toEqual([2, 1, 3, 0, 2, 1]);
  expect(opinion.memberEntropy[0]).toBeCloseTo(entropy, 6);
  expect(opinion.memberEntropy[1]).toBeCloseTo((2 * Math.LN2 + entropy) / 3, 6);
  const scores = await predictiveScores(fitted({ kind: "members", layers }), matrix, kernels, null);
  scores.probabilities.forEach((p, at) => expect(p).toBeCloseTo(opinion.probabilities[at]!, 6));
  await expect(committeeOpinion(layers, matrix, kernels, { aborted: true })).rejects.toThrow(Stopped);
});

test("a Gaussian dampens logits by its variance and leaves the guess", async () => {
  // Σ = 4, so the variances are 4, 0 and 16.
  const posterior = { kind: "gaussian", dims: 1, root: Float32Array.of(2) } as const;
  const matrix = await upload();
  expect([...(await logitVariances(posterior, matrix, kernels, null))]).toEqual([4, 0, 16]);
  const { probabilities } = await predictiveScores(fitted(posterior), matrix, kernels, null);
  const expected = (z: number, variance: number) =>
    1 / (1 + Math.exp(-z / Math.sqrt(1 + (Math.PI / 8) * variance)));
  expect(probabilities[0]).toBeCloseTo(expected(odds, 4), 6);
  expect(probabilities[2]).toBeCloseTo(0.5, 6);
  expect(probabilities[4]).toBeCloseTo(expected(2 * odds, 16), 6);
  const logits = Float32Array.of(3, -1);
  dampen(logits, 0);
  expect([...logits]).toEqual([3, -1]);
});
