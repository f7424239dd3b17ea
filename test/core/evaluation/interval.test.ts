// Wilson's interval against published values, and the bootstrap against a case with a known spread.

import { expect, test } from "vitest";
import {
  bootstrap,
  cautiousBootstrap,
  meanWithInterval,
  wilson,
} from "../../../src/core/evaluation/interval";
import { createRandom } from "../../../src/core/random";

test.each([
  // Newcombe 1998, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("Wilson of %i in %i", (successes, count, low, high) => {
  const found = wilson(successes, count);
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
  expect(found).toMatchObject({ value: successes / count, count });
});

test("Wilson reaches the ends exactly, and of nothing says nothing", () => {
  expect(wilson(5, 5).high).toBe(1);
  expect(wilson(0, 5).low).toBe(0);
  expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1, count: 0 });
});

test("the bootstrap of a mean is as wide as theory says", () => {
  const values = Array.from({ length: 400 }, (_, at) => at % 2);
  const mean = (drawn: Uint32Array) => drawn.reduce((sum, at) => sum + values[at]!, 0) / drawn.length;
  const found = bootstrap(0.5, 400, createRandom(3), mean);
  // ±1.96 · ½ / √400
  expect(Math.abs(found.low - 0.451)).toBeLessThan(0.006);
  expect(Math.abs(found.high - 0.549)).toBeLessThan(0.006);
  expect(bootstrap(0.5, 400, createRandom(3), mean)).toEqual(found);
});

test("the bootstrap interval holds the value, also a biased one", () => {
  expect(bootstrap(0.9, 3, createRandom(1), () => 0.2)).toEqual({
    value: 0.9,
    low: 0.2,
    high: 0.9,
    count: 3,
  });
  expect(bootstrap(0.1, 3, createRandom(1), () => 0.2)).toEqual({
    value: 0.1,
    low: 0.1,
    high: 0.2,
    count: 3,
  });
});

test("Student's interval of a mean, by the tables", () => {
  // Mean 2, deviation 1, t(2) = 4.303 and t(9) = 2.262.
  expect(meanWithInterval([1, 2, 3], -10, 10).high).toBeCloseTo(2 + 4.303 / Math.sqrt(3), 3);
  const ten = Array.from({ length: 10 }, (_, at) => (at % 2 ? 1 : 0));
  const deviation = Math.sqrt(2.5 / 9);
  expect(meanWithInterval(ten, 0, 1).low).toBeCloseTo(0.5 - (2.262 * deviation) / Math.sqrt(10), 2);
  expect(meanWithInterval([7], 0, 9)).toEqual({ value: 7, low: 0, high: 9, count: 1 });
  expect(meanWithInterval([], 0, 9)).toEqual({ value: 0, low: 0, high: 9, count: 0 });
});

test("the cautious bootstrap reaches as far down as resampling pushed up", () => {
  // The estimate is the mean plus a push of 0.1 that resampling doubles.
  const values = Array.from({ length: 400 }, (_, at) => at % 2);
  const pushed = (drawn: Uint32Array) => drawn.reduce((sum, at) => sum + values[at]!, 0) / drawn.length + 0.2;
  const { low, high } = cautiousBootstrap(0.6, 400, createRandom(3), pushed);
  expect(Math.abs(low - (1.2 - 0.749))).toBeLessThan(0.006);
  expect(Math.abs(high - 0.749)).toBeLessThan(0.006);
});
