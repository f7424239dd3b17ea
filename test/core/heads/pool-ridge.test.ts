// The default head where the pool tells what matters, where it misleads, and with more labels than dimensions.

import { expect, test } from "vitest";
import { head as logistic } from "../../../src/core/heads/logistic";
import { head } from "../../../src/core/heads/pool-ridge";
import type { TrainingSet } from "../../../src/core/learning/head";
import { createRandom } from "../../../src/core/random";
import { layerOf, makeTraining, predict, toolsFor } from "../make-training";
import { quickGraph } from "../quick-graph";

const parameters = { c: 10, calibrate: 1 };
const rows = 400;
const dims = 40;

/** Two groups apart in the first two directions among others of noise; `classOf` is told the group. */
function groups(classOf: (group: number, last: number) => number): TrainingSet {
  const random = createRandom(4);
  const features: number[][] = [];
  const targets: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const group = row % 2;
    const point = Array.from(
      { length: dims },
      (_, k) => random.normal() + (k < 2 ? (group ? 1.5 : -1.5) : 0),
    );
    const length = Math.hypot(...point);
    targets.push([classOf(group, point[dims - 1]!)]);
    features.push(point.map((value) => value / length));
  }
  return makeTraining(features, targets, 2);
}

/** The first rows as the labelled ones, with all of them as the pool. */
function some(all: TrainingSet, count: number): TrainingSet {
  return {
    ...all,
    rows: count,
    features: all.features.slice(0, count * all.dims),
    targets: all.targets.slice(0, count * all.classes),
    places: all.places.slice(0, count),
  };
}

async function accuracy(fitted: ReturnType<typeof head.fit>, all: TrainingSet): Promise<number> {
  const probabilities = await predict(fitted, all);
  let right = 0;
  for (let row = 0; row < all.rows; row++)
    right += all.targets[2 * row + (probabilities[2 * row]! >= probabilities[2 * row + 1]! ? 0 : 1)]!;
  return right / all.rows;
}

const graphOf = ({ features }: TrainingSet) => quickGraph(features, rows, dims);

test("learns from the pool which differences matter", async () => {
  const all = groups((group) => group);
  const few = some(all, 12);
  for (const graph of [graphOf(all), null]) {
    const tools = toolsFor(all, graph);
    const fitted = head.fit(few, parameters, null, tools);
    const plain = logistic.fit(few, parameters, null, tools);
    expect(await accuracy(fitted, all)).toBeGreaterThan(0.02 + (await accuracy(plain, all)));
  }
});

test("is little worse than plain logistic regression where the pool stresses what does not matter", async () => {
  const all = groups((_, last) => (last > 0 ? 1 : 0));
  const tools = toolsFor(all, graphOf(all));
  // More labels than dimensions, so that the regressions go by dimensions.
  const many = some(all, 120);
  const fitted = await accuracy(head.fit(many, parameters, null, tools), all);
  const plain = await accuracy(logistic.fit(many, parameters, null, tools), all);
  expect(fitted).toBeGreaterThan(plain - 0.04);
});

test("with fewer than ten labels it is plain logistic regression", () => {
  const all = groups((group) => group);
  const few = some(all, 9);
  const tools = toolsFor(all, graphOf(all));
  expect(head.fit(few, parameters, null, tools).model).toEqual(
    logistic.fit(few, parameters, null, tools).model,
  );
});

test("does not depend on what was fitted before on the same pool", () => {
  const all = groups((group) => group);
  const tools = toolsFor(all, graphOf(all));
  head.fit(some(all, 30), parameters, null, tools);
  const again = groups((group) => group);
  expect(layerOf(head.fit(some(all, 20), parameters, null, tools))).toEqual(
    layerOf(head.fit(some(again, 20), parameters, null, toolsFor(again, graphOf(again)))),
  );
});

test("says how sure it is about as often as it is right", async () => {
  const all = groups((group, last) => (last > 0.2 ? 1 - group : group));
  const fitted = head.fit(some(all, 100), parameters, null, toolsFor(all, graphOf(all)));
  const probabilities = await predict(fitted, all);
  let confidence = 0;
  for (let row = 0; row < all.rows; row++)
    confidence += Math.max(probabilities[2 * row]!, probabilities[2 * row + 1]!) / all.rows;
  expect(Math.abs(confidence - (await accuracy(fitted, all)))).toBeLessThan(0.1);
});
