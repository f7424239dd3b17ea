// Which words count as near which, and how much.

import { expect, test } from "vitest";
import { createRandom } from "../../src/core/random";
import { createPace } from "../../workers/encoders/projection/pacing";
import { countPairs } from "../../workers/encoders/text-features/pair-counts";

const pace = createPace(null);

test("neighbours count fully, words farther away less, unknown ones keep their place", async () => {
  const { first, second, weights } = await countPairs([Int32Array.of(2, -1, 0, 2)], 3, pace);
  // 2…0 two apart and 0…2 next to each other; 2…2 three apart.
  expect([...first]).toEqual([0, 2]);
  expect([...second]).toEqual([2, 2]);
  const next = 1;
  expect(weights[0]).toBeCloseTo(next + next - 1 / 8, 5);
  expect(weights[1]).toBeCloseTo(next - 2 / 8, 5);
});

test("a table that has grown holds what a Map holds", async () => {
  const random = createRandom(2);
  const size = 2000;
  const sequences = Array.from({ length: 300 }, () =>
    Int32Array.from({ length: 60 }, () => random.integer(size)),
  );
  const expected = new Map<string, number>();
  for (const sequence of sequences)
    sequence.forEach((word, at) => {
      for (let other = at + 1; other <= at + 8 && other < 60; other++) {
        const key = [word, sequence[other]!].sort((a, b) => a - b).join();
        expected.set(key, (expected.get(key) ?? 0) + (9 - (other - at)) / 8);
      }
    });
  const { first, second, weights } = await countPairs(sequences, size, pace);
  expect(weights.length).toBe(expected.size);
  const errors = weights.map((weight, at) => Math.abs(weight - expected.get(`${first[at]},${second[at]}`)!));
  expect(errors.reduce((most, error) => Math.max(most, error), 0)).toBeLessThan(1e-3);
});
