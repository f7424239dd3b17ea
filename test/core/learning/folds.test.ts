// The folds on training sets of known classes.

import { expect, test } from "vitest";
import { stratifiedFolds, subset } from "../../../src/core/learning/folds";
import { createRandom } from "../../../src/core/random";
import { clusters, makeTraining } from "../make-training";

const setOf = (...classes: number[]) =>
  makeTraining(
    classes.map((_, row) => [row]),
    classes.map((one) => [one]),
    3,
  );

test("every row is tested once, and each class is spread evenly", () => {
  const classes = Array.from({ length: 33 }, (_, row) => (row < 20 ? 0 : row < 30 ? 1 : 2));
  const folds = stratifiedFolds(setOf(...classes), 5, createRandom(1));
  expect(folds).toHaveLength(5);
  expect(folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual([...classes.keys()]);
  for (const { train, test } of folds) {
    expect([...train, ...test].sort((a, b) => a - b)).toEqual([...classes.keys()]);
    const sizes = [0, 1, 2].map((one) => [...test].filter((row) => classes[row] === one).length);
    expect(sizes[0]).toBe(4);
    expect(sizes[1]).toBe(2);
    expect(sizes[2]).toBeLessThan(2);
  }
});

test("too few rows make no folds, and many rows only as many as are needed", () => {
  expect(stratifiedFolds(setOf(0, 1, 0, 1, 0, 1, 0, 1, 0), 5, createRandom(1))).toEqual([]);
  expect(stratifiedFolds(clusters(300, 2, 3, 1), 5, createRandom(1))).toHaveLength(2);
  expect(stratifiedFolds(clusters(2000, 2, 3, 1), 5, createRandom(1))).toHaveLength(1);
});

test("the same seed makes the same folds", () => {
  const training = clusters(50, 2, 3, 1);
  const folds = stratifiedFolds(training, 5, createRandom(1));
  expect(stratifiedFolds(training, 5, createRandom(1))).toEqual(folds);
  expect(stratifiedFolds(training, 5, createRandom(2))).not.toEqual(folds);
});

test("a subset keeps features, targets and places together", () => {
  expect(subset(setOf(2, 0, 1), Uint32Array.of(2, 0))).toEqual({
    ...setOf(1, 2),
    features: Float32Array.of(2, 0),
    places: Uint32Array.of(2, 0),
  });
});
