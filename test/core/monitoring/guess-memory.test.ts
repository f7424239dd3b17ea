// When two models are compared, and when the comparing begins anew.

import { expect, test } from "vitest";
import type { ClassId } from "../../../src/core/ids";
import { GuessMemory } from "../../../src/core/monitoring/guess-memory";
import { createRandom } from "../../../src/core/random";

const random = createRandom(1);
const classIds = ["a", "b"] as ClassId[];
/** 20 items of which the first `ofA` are guessed to be a. */
const guessed = (trainCount: number, ofA: number, change = {}) => ({
  trainCount,
  classIds,
  probabilities: Float32Array.from({ length: 40 }, (_, at) => (at >> 1 < ofA === (at % 2 === 0) ? 0.8 : 0.2)),
  mode: "single" as const,
  ...change,
});

test("compares models ten labels apart, each with the one before it", () => {
  const memory = new GuessMemory();
  expect(memory.compare(guessed(5, 10), random)).toBeNull();
  expect(memory.compare(guessed(14, 0), random)).toBeNull();
  // Both share 10/20 by chance half the time: (0.9 − 0.5) / 0.5.
  expect(memory.compare(guessed(15, 12), random)).toMatchObject({ labels: 10, rows: 20, changed: 2 });
  expect(memory.compare(guessed(27, 12), random)).toEqual({ labels: 12, rows: 20, changed: 0, kappa: 1 });
});

test("begins anew with other classes, or labels taken back", () => {
  const memory = new GuessMemory();
  memory.compare(guessed(20, 10), random);
  const others = { classIds: ["a", "c"] as ClassId[] };
  expect(memory.compare(guessed(40, 10, others), random)).toBeNull();
  expect(memory.compare(guessed(30, 10, others), random)).toBeNull();
  expect(memory.compare(guessed(40, 10, others), random)).toMatchObject({ labels: 10, changed: 0 });
});

test("with several classes an item every decision counts", () => {
  const memory = new GuessMemory();
  memory.compare(guessed(0, 10, { mode: "multiple" }), random);
  expect(memory.compare(guessed(10, 11, { mode: "multiple" }), random)).toMatchObject({
    rows: 40,
    changed: 2,
  });
});
