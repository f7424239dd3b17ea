// The bound against closed forms and published values, and its coverage by simulation.

import { expect, test } from "vitest";
import { upperErrorBound } from "../../../src/core/evaluation/error-bound";
import { createRandom } from "../../../src/core/random";

test("with nothing wrong it is 1 − α^(1/n), the rule of three", () => {
  for (const checked of [1, 10, 40, 300])
    expect(upperErrorBound(0, checked)).toBeCloseTo(1 - 0.05 ** (1 / checked), 10);
});

test.each([
  // By exact sums of binomial terms in Python.
  [1, 40, 0.1132],
  [2, 40, 0.1492],
  [5, 100, 0.1022],
  [9, 10, 0.9949],
])("%i wrong of %i: at most %f", (wrong, checked, bound) => {
  expect(upperErrorBound(wrong, checked)).toBeCloseTo(bound, 3);
});

test("nothing checked, or all wrong, says nothing", () => {
  expect(upperErrorBound(0, 0)).toBe(1);
  expect(upperErrorBound(7, 7)).toBe(1);
});

test("the true share is above the bound in at most one case of twenty", () => {
  const random = createRandom(5);
  for (const share of [0.02, 0.1, 0.3]) {
    let above = 0;
    for (let turn = 0; turn < 2000; turn++) {
      let wrong = 0;
      for (let at = 0; at < 40; at++) if (random.next() < share) wrong += 1;
      if (upperErrorBound(wrong, 40) < share) above += 1;
    }
    expect(above / 2000).toBeLessThan(0.062);
  }
});
