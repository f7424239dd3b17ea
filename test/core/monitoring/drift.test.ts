// The two-sample test on items of one kind, where it must not cry wolf, and of two.

import { expect, test } from "vitest";
import { classifierTwoSampleTest } from "../../../src/core/monitoring/drift";
import { createRandom } from "../../../src/core/random";

const dims = 8;
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, at) => from + at);

/** 120 items; the last 60 moved by `shift` along the first axis. */
function values(seed: number, shift: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from(
    { length: 120 * dims },
    (_, at) => 0.3 * random.normal() + (at % dims === 0 && at >= 60 * dims ? shift : 0),
  );
}
const look = (seed: number, shift: number) =>
  classifierTwoSampleTest(values(seed, shift), dims, range(0, 60), range(60, 120), {
    random: createRandom(seed),
    stop: null,
  })!;

test("items of one kind are called another in about 5% of 100 projects at most", () => {
  const alarms = Array.from({ length: 100 }, (_, seed) => look(seed, 0).p).filter((p) => p < 0.05).length;
  expect(alarms).toBeLessThanOrEqual(10);
});

test("another kind is told apart, and the most telling ones come first", () => {
  const found = look(7, 0.9);
  expect(found.told.value).toBeGreaterThan(0.8);
  expect(found.p).toBeLessThan(0.001);
  expect(found.telling.every((row) => row >= 60)).toBe(true);
  const all = values(7, 0.9);
  const mean = (rows: Iterable<number>) => {
    const first = [...rows].map((row) => all[row * dims]!);
    return first.reduce((sum, one) => sum + one, 0) / first.length;
  };
  expect(mean(found.telling)).toBeGreaterThan(mean(range(60, 120)));
});

test("a handful is too few to say, and the same seed says the same", () => {
  const few = classifierTwoSampleTest(values(1, 1), dims, range(0, 60), range(60, 79), {
    random: createRandom(1),
    stop: null,
  });
  expect(few).toBeNull();
  expect(look(3, 0.4)).toEqual(look(3, 0.4));
});
