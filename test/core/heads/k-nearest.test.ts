// The head of the nearest labelled items, by its own promises.

import { expect, test } from "vitest";
import { head } from "../../../src/core/heads/k-nearest";
import type { NearestModel } from "../../../src/core/learning/model";
import { clusters, makeTraining, predict, toolsFor } from "../make-training";

const modelOf = (...given: Parameters<typeof head.fit>) => head.fit(...given).model as NearestModel;

test("keeps what was labelled, where it stands, and asks as many as it was told to", () => {
  const training = clusters(20, 4, 3, 1);
  const model = modelOf(training, { k: 7 }, null, toolsFor(training));
  expect(model).toMatchObject({ kind: "k-nearest", k: 7, dims: 4, classes: 3, activation: "softmax" });
  expect([model.features, model.targets, model.places]).toEqual([
    training.features,
    training.targets,
    training.places,
  ]);
});

test("an island within another class is found by few neighbours and lost among many", async () => {
  // Three of class 1 in the middle of twelve of class 0, all in one direction apart by angle.
  const angles = [...Array.from({ length: 12 }, (_, at) => (at < 6 ? at : at + 3)), 6, 7, 8];
  const training = makeTraining(
    angles.map((degree) => [Math.cos(degree / 20), Math.sin(degree / 20)]),
    angles.map((_, at) => [at < 12 ? 0 : 1]),
    2,
  );
  const middle = 13;
  const ofMiddle = async (k: number) =>
    (await predict(head.fit(training, { k }, null, toolsFor(training)), training))[2 * middle + 1]!;
  expect(await ofMiddle(1)).toBeGreaterThan(0.5);
  expect(await ofMiddle(15)).toBeLessThan(0.5);
});

test("calibration cools what is right too shyly and warms what chance decides", () => {
  const clear = makeTraining(
    Array.from({ length: 60 }, (_, at) => (at % 2 ? [1, 0] : [0, 1])),
    Array.from({ length: 60 }, (_, at) => [at % 2]),
    2,
  );
  // Beside ten votes for the truth stands one for the share of each class: 95% where 100% is right.
  expect(head.fit(clear, { k: 10, calibrate: 1 }, null, toolsFor(clear)).temperature).toBeLessThan(1);
  const random = toolsFor(clear).random;
  const noisy = { ...clear, targets: clear.targets.slice() };
  for (let row = 0; row < 60; row++) {
    const one = random.integer(2);
    noisy.targets.set([one, 1 - one], row * 2);
  }
  expect(head.fit(noisy, { k: 1, calibrate: 1 }, null, toolsFor(noisy)).temperature).toBeGreaterThan(1);
  expect(head.fit(noisy, { k: 1 }, null, toolsFor(noisy)).temperature).toBe(1);
});

test("several classes an item: each is asked for itself", async () => {
  const training = makeTraining(
    [
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ],
    [[0, 1], [0, 1], [1], []],
    2,
  );
  const tools = toolsFor(training, null, null, "multiple");
  const probabilities = await predict(head.fit(training, { k: 2 }, null, tools), training);
  // Two whole votes and one of the shares, ½ and ¾.
  const expected = [2.5 / 3, 2.75 / 3, 0.5 / 3, 1.75 / 3];
  [...expected.slice(0, 2), ...expected].forEach((p, at) => {
    const row = at < 2 ? 0 : at < 4 ? 1 : 2;
    expect(probabilities[row * 2 + (at % 2)]).toBeCloseTo(p, 5);
  });
});
