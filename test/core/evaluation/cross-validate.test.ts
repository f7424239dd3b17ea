// Cross-validated accuracy: all right where classes lie apart, chance where they do not, and the sentence where
// there are too few labels.

import { expect, test } from "vitest";
import { crossValidate } from "../../../src/core/evaluation/cross-validate";
import type { TrainingSet } from "../../../src/core/learning/head";
import { createRandom } from "../../../src/core/random";

/** Rows of two dims; the class is what `classOf` says, the place along the first axis what `at` says. */
function makeRows(rows: number, classOf: (row: number) => number, at: (row: number) => number): TrainingSet {
  const features = new Float32Array(rows * 2);
  const targets = new Uint8Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    features.set([at(row), 1], row * 2);
    targets[row * 2 + classOf(row)] = 1;
  }
  return {
    features,
    rows,
    dims: 2,
    targets,
    classes: 2,
    places: Uint32Array.from(targets.keys()).slice(0, rows),
  };
}

const validate = (training: TrainingSet) => crossValidate(training, "softmax", createRandom(3), null);

test("classes that lie apart are told apart, each row by a head that has not seen it", () => {
  const { value, low, count } = validate(
    makeRows(
      40,
      (row) => row % 2,
      (row) => (row % 2 ? 1 : -1),
    ),
  );
  expect({ value, count }).toEqual({ value: 1, count: 40 });
  expect(low).toBeGreaterThan(0.9);
});

test("chance stays chance", () => {
  const random = createRandom(9);
  const { value, low, high } = validate(
    makeRows(
      100,
      (row) => row % 2,
      () => random.next() - 0.5,
    ),
  );
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.5);
  expect(value).toBeLessThan(0.7);
});

test("with several classes an item every class must be right", () => {
  const both = makeRows(
    40,
    (row) => row % 2,
    (row) => (row % 2 ? 1 : -1),
  );
  expect(crossValidate(both, "sigmoid", createRandom(3), null).value).toBe(1);
});

test("too few labels, or all of one class, are said to be", () => {
  expect(() =>
    validate(
      makeRows(
        9,
        (row) => row % 2,
        (row) => row,
      ),
    ),
  ).toThrow(/needs 10 labels of at least two classes/);
  expect(() =>
    validate(
      makeRows(
        30,
        () => 1,
        (row) => row,
      ),
    ),
  ).toThrow(/needs 10 labels of at least two classes/);
});
