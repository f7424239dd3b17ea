// The distilled head where neighbours tell the answer, where they mislead, and where there are none.

import { expect, test } from "vitest";
import { head as logistic } from "../../../src/core/heads/logistic";
import { head, isMisled } from "../../../src/core/heads/pool-distilled";
import { createRandom } from "../../../src/core/random";
import { layerOf, makeTraining, predict, toolsFor } from "../make-training";
import { quickGraph } from "../quick-graph";
import type { TrainingSet } from "../../../src/core/learning/head";

const parameters = { c: 10, calibrate: 1 };

/** Points around eight places of a sphere; `classOf` says what each is, by its place and its last coordinate. */
function places(
  rows: number,
  dims: number,
  classOf: (place: number, last: number) => number,
  noise = 0.35,
): TrainingSet {
  const random = createRandom(3);
  const centres = Array.from({ length: 8 * dims }, () => random.normal());
  const features: number[][] = [];
  const targets: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const place = row % 8;
    const point = Array.from(
      { length: dims },
      (_, k) => centres[place * dims + k]! + noise * random.normal(),
    );
    point[dims - 1] = random.next() < 0.5 ? 1.2 : -1.2;
    const length = Math.hypot(...point);
    targets.push([classOf(place, point[dims - 1]!)]);
    features.push(point.map((value) => value / length));
  }
  return makeTraining(features, targets, 2);
}

/** The first rows as the labelled ones, with all of them as the pool. */
function some(all: TrainingSet, rows: number): TrainingSet {
  return {
    ...all,
    rows,
    features: all.features.slice(0, rows * all.dims),
    targets: all.targets.slice(0, rows * all.classes),
    places: Uint32Array.from({ length: rows }, (_, row) => row),
  };
}

async function accuracy(fitted: ReturnType<typeof head.fit>, all: TrainingSet): Promise<number> {
  const probabilities = await predict(fitted, all);
  let right = 0;
  for (let row = 0; row < all.rows; row++) {
    const guess = probabilities[2 * row]! >= probabilities[2 * row + 1]! ? 0 : 1;
    right += all.targets[2 * row + guess]!;
  }
  return right / all.rows;
}

test("learns from unlabelled neighbours what labels alone do not tell", async () => {
  const all = places(400, 30, (place) => place % 2, 0.8);
  const tools = toolsFor(all, quickGraph(all.features, all.rows, all.dims));
  const few = some(all, 12);
  const distilled = head.fit(few, parameters, null, tools);
  expect(distilled.fallback).toBeNull();
  expect(await accuracy(distilled, all)).toBeGreaterThan(
    await accuracy(logistic.fit(few, parameters, null, tools), all),
  );
});

test("falls back to plain logistic regression where neighbours mislead", () => {
  // Near each place both classes are equally common: only the last coordinate tells.
  const all = places(400, 30, (_, last) => (last > 0 ? 1 : 0));
  const graph = quickGraph(all.features, all.rows, all.dims);
  // Neighbours that are of the other class on purpose, as embeddings that stress something else make them.
  const misleading = { ...graph, neighbours: graph.neighbours.map((row) => other(all, row)) };
  const tools = toolsFor(all, misleading);
  const many = some(all, 100);
  const fitted = head.fit(many, parameters, null, tools);
  expect(fitted.fallback).toMatch(/Similar items often have different answers/);
  expect(fitted.model).toEqual(logistic.fit(many, parameters, null, tools).model);
});

/** A row of the other class for each row. */
function other({ targets, rows }: TrainingSet, row: number): number {
  for (let step = 1; step < rows; step++) {
    const found = (row + step) % rows;
    if (targets[2 * found] !== targets[2 * row]) return found;
  }
  return row;
}

test("without a graph it is plain logistic regression, and says so", () => {
  const all = places(64, 10, (place) => place % 2);
  const fitted = head.fit(all, parameters, null, toolsFor(all));
  expect(fitted.fallback).toMatch(/only labels are used/);
  expect(fitted.model).toEqual(logistic.fit(all, parameters, null, toolsFor(all)).model);
});

test("labels of the hold-out are never looked at: only rows of the training set have any", () => {
  // The pool has embeddings only, so this is by construction; a training set of two rows fits all the same.
  const all = places(200, 10, (place) => place % 2);
  const tools = toolsFor(all, quickGraph(all.features, all.rows, all.dims));
  const fitted = head.fit(some(all, 2), parameters, null, tools);
  expect(fitted.temperature).toBe(1);
  for (const weight of layerOf(fitted).weights) expect(weight).toSatisfy(Number.isFinite);
});

test("chance alone does not call neighbours misleading", () => {
  const unseen = (...right: number[]) => ({
    logits: Float64Array.from(right.flatMap((one) => (one ? [1, 0] : [0, 1]))),
    targets: Uint8Array.from(right.flatMap(() => [1, 0])),
    classes: 2,
  });
  expect(isMisled(unseen(1, 1, 0, 1), unseen(1, 0, 1, 1))).toBe(false);
  expect(isMisled(unseen(1, 1, 1, 1), unseen(1, 1, 0, 0))).toBe(false);
  expect(isMisled(unseen(1, 1, 1, 1), unseen(1, 0, 0, 0))).toBe(true);
  expect(isMisled(unseen(), unseen())).toBe(false);
});
