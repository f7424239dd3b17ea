// Ridge regression in closed form: both ways against each other, and left-out answers against fits without the row.

import { describe, expect, test } from "vitest";
import { plainProducts } from "../../../src/core/learning/linear-products";
import { openRidge, ridgeByDims, ridgeByRows, type RidgeProblem } from "../../../src/core/learning/ridge";
import { createRandom } from "../../../src/core/random";

function problem(rows: number, dims: number, classes: number): RidgeProblem {
  const random = createRandom(7);
  const features = Float32Array.from({ length: rows * dims }, () => random.normal());
  const marks = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) marks[row * classes + (row % classes)] = 1;
  return { features, rows, dims, marks, classes, asked: Uint32Array.from({ length: rows }, (_, at) => at) };
}

function without({ features, rows, dims, marks, classes }: RidgeProblem, row: number): RidgeProblem {
  const others = [...Array(rows).keys()].filter((one) => one !== row);
  return {
    features: Float32Array.from(
      others.flatMap((one) => [...features.subarray(one * dims, (one + 1) * dims)]),
    ),
    marks: Float64Array.from(
      others.flatMap((one) => [...marks.subarray(one * classes, (one + 1) * classes)]),
    ),
    rows: rows - 1,
    dims,
    classes,
    asked: new Uint32Array(0),
  };
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, digits = 5): void {
  expect(found.length).toBe(wanted.length);
  for (let at = 0; at < found.length; at++) expect(found[at]).toBeCloseTo(wanted[at]!, digits);
}

test("one dimension by hand", () => {
  // Centred: x = −1, 1; marks of the first class ±½. w = Σ x·y / (Σ x² + 2) = −1 / 4.
  const given = {
    features: Float32Array.of(0, 2),
    rows: 2,
    dims: 1,
    marks: Float64Array.of(1, 0, 0, 1),
    classes: 2,
    asked: Uint32Array.of(0),
  };
  for (const open of [ridgeByRows, ridgeByDims]) {
    const { weights, bias, unseen } = open(given, plainProducts).fit(2);
    expectClose(weights, [-0.25, 0.25]);
    expectClose(bias, [0.75, 0.25]);
    // Without the first row only the second is left, and nothing but its class is ever said.
    expectClose(unseen, [0, 1]);
  }
});

describe.each([
  ["fewer rows than dimensions", 9, 14],
  ["more rows than dimensions", 30, 5],
])("%s", (_, rows, dims) => {
  const given = problem(rows, dims, 3);

  test("by rows and by dimensions are the same", () => {
    for (const strength of [0.03, 1]) {
      const byRows = ridgeByRows(given, plainProducts).fit(strength);
      const byDims = ridgeByDims(given, plainProducts).fit(strength);
      expectClose(byRows.weights, byDims.weights, 4);
      expectClose(byRows.bias, byDims.bias, 4);
      expectClose(byRows.unseen, byDims.unseen, 3);
    }
  });

  test("what is said of a row left out is what a fit without it says", () => {
    const { unseen } = openRidge(given, plainProducts).fit(0.5);
    for (const row of [0, 4, rows - 1]) {
      const { weights, bias } = openRidge(without(given, row), plainProducts).fit(0.5);
      for (let c = 0; c < 3; c++) {
        let said = bias[c]!;
        for (let k = 0; k < dims; k++) said += given.features[row * dims + k]! * weights[k * 3 + c]!;
        expect(unseen[row * 3 + c]).toBeCloseTo(said, 4);
      }
    }
  });
});
