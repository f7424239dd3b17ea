// The random slice keeps its share for every batch size, and starts with the first stretch.

import { expect, test } from "vitest";
import { randomSlots } from "../../../src/core/selection/random-slice";

test.each([1, 7, 10, 33])("batches of %i hold one random question in each ten", (batch) => {
  for (const seed of [1, 2, 3]) {
    const flags: boolean[] = [];
    while (flags.length < 500) flags.push(...randomSlots(seed, 0.1, flags.length, batch));
    for (let from = 0; from + 10 <= 500; from += 10)
      expect(flags.slice(from, from + 10).filter(Boolean)).toHaveLength(1);
  }
});

test("a question keeps its kind when the batch before it is cut short", () => {
  const whole = randomSlots(9, 0.25, 0, 40);
  for (const answered of [1, 5, 17])
    expect(randomSlots(9, 0.25, answered, 40 - answered)).toEqual(whole.slice(answered));
});

test("places differ between stretches and between projects", () => {
  const placesOf = (seed: number) =>
    Array.from({ length: 30 }, (_, stretch) => randomSlots(seed, 0.1, stretch * 10, 10).indexOf(true));
  expect(new Set(placesOf(1)).size).toBeGreaterThan(5);
  expect(placesOf(1)).not.toEqual(placesOf(2));
});

test.each([0.03, 0.15, 0.3, 0.5])("a share of %d holds in the long run", (share) => {
  const chosen = randomSlots(4, share, 0, 4000).filter(Boolean).length;
  expect(chosen / 4000).toBeLessThanOrEqual(share + 0.001);
  expect(chosen / 4000).toBeGreaterThan(share * 0.95);
});

test("no share, no random question", () => {
  expect(randomSlots(1, 0, 0, 50)).not.toContain(true);
});
