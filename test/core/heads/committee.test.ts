// The committee: its members differ where labels are few, and each is a logistic regression of its own.

import { expect, test } from "vitest";
import { fitLayers } from "../../../src/core/learning/fit-linear";
import { bootstrapWeights, head } from "../../../src/core/heads/committee";
import { head as logistic } from "../../../src/core/heads/logistic";
import { committeeOpinion } from "../../../src/core/learning/posterior";
import { kernels } from "../make-pool";
import { clusters, makeTraining, toolsFor } from "../make-training";

const parameters = { c: 10, members: 6 };

function membersOf(fitted: ReturnType<typeof head.fit>) {
  if (fitted.posterior?.kind !== "members") throw new Error("A committee has members.");
  return fitted.posterior.layers;
}

test("the point estimate is the plain head", () => {
  const training = clusters(60, 6, 3, 1);
  const fitted = head.fit(training, parameters, null, toolsFor(training));
  expect(membersOf(fitted)).toHaveLength(6);
  expect(fitted.model).toEqual(logistic.fit(training, { c: 10 }, null, toolsFor(training)).model);
});

test("each member is what its own weights alone would fit", () => {
  const training = clusters(40, 5, 3, 2);
  const tools = toolsFor(training);
  const seed = tools.random.fork("committee").integer(2 ** 32);
  const weights = bootstrapWeights(training.places, 6, seed);
  const rowWeights = weights.filter((_, at) => at % 6 === 2);
  const alone = fitLayers({ ...training, rowWeights }, "softmax", { c: 10, warm: null, stop: null });
  const third = membersOf(head.fit(training, parameters, null, tools))[2]!;
  third.weights.forEach((weight, at) =>
    expect(Math.abs(weight - alone.layers[0]!.weights[at]!)).toBeLessThan(0.05),
  );
});

test("weights are exponential, sum to the rows, and stay with their items", () => {
  const places = Uint32Array.from({ length: 4000 }, (_, row) => 3 * row);
  const weights = bootstrapWeights(places, 2, 7);
  const first = weights.filter((_, at) => at % 2 === 0);
  expect(first.reduce((sum, one) => sum + one, 0)).toBeCloseTo(4000, 0);
  // An exponential of mean 1 exceeds 1 in e⁻¹ of the cases.
  expect(first.filter((one) => one > 1).length / 4000).toBeCloseTo(Math.exp(-1), 1);
  const fewer = bootstrapWeights(places.subarray(100, 200), 2, 7);
  const ratio = fewer[0]! / weights[200]!;
  fewer.forEach((weight, at) => {
    if (at % 2 === 0) expect(weight / weights[200 + at]!).toBeCloseTo(ratio, 4);
  });
});

test("members disagree far from labels and agree among them", async () => {
  const training = makeTraining(
    [
      [1, 0, 0],
      [0.96, 0.28, 0],
      [-1, 0, 0],
      [-0.96, 0.28, 0],
    ],
    [[0], [0], [1], [1]],
    2,
  );
  const layers = membersOf(head.fit(training, { c: 100, members: 16 }, null, toolsFor(training)));
  const matrix = await kernels.upload(Float32Array.of(1, 0, 0, 0, 1, 0), 2, 3);
  const { votes } = await committeeOpinion(layers, matrix, kernels, null);
  expect(votes[0]).toBeCloseTo(1, 5);
  expect(Math.max(votes[2]!, votes[3]!)).toBeLessThan(0.99);
});
