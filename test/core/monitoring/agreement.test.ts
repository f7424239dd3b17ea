// Kappa by hand, and the corner cases where chance agreement is everything.

import { expect, test } from "vitest";
import { compareGuesses } from "../../../src/core/monitoring/agreement";

test("Cohen's own kind of table: 20 and 15 agree, 10 and 5 do not", () => {
  const earlier = [...Array<number>(25).fill(0), ...Array<number>(25).fill(1)];
  const later = [
    ...Array<number>(20).fill(0),
    ...Array<number>(5).fill(1),
    ...Array<number>(10).fill(0),
    ...Array<number>(15).fill(1),
  ];
  const found = compareGuesses(earlier, later, 2);
  expect(found).toMatchObject({ rows: 50, changed: 15 });
  // (0.7 − 0.5) / (1 − 0.5)
  expect(found.kappa).toBeCloseTo(0.4, 12);
});

test("the same throughout is 1, also where there is only one class, or no item", () => {
  expect(compareGuesses([0, 1, 2], [0, 1, 2], 3)).toEqual({ rows: 3, changed: 0, kappa: 1 });
  expect(compareGuesses([1, 1], [1, 1], 3)).toEqual({ rows: 2, changed: 0, kappa: 1 });
  expect(compareGuesses([], [], 3)).toEqual({ rows: 0, changed: 0, kappa: 1 });
});

test("different items cannot be compared", () => {
  expect(() => compareGuesses([0], [0, 1], 2)).toThrow(RangeError);
});
