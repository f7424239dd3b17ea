// Least confidence: the row whose best guess is weakest comes first, the other classes do not matter.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/least-confidence";
import { makePool, makeTools, onCircle } from "../make-pool";

const points = Array.from({ length: 4 }, () => onCircle(0));
// Best guesses 0.5, 0.45, 0.48 and 0.9.
const probabilities = [
  [0.5, 0.4, 0.1],
  [0.45, 0.275, 0.275],
  [0.48, 0.48, 0.04],
  [0.9, 0.05, 0.05],
];

test("orders by the weakness of the best guess", async () => {
  const picks = await strategy.select(await makePool(points, probabilities), 4, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([1, 2, 0, 3]);
  // (1 − 0.45) · 3/2
  expect(picks[0]!.score).toBeCloseTo(0.825, 6);
});

test("does not claim doubt where the model is sure", async () => {
  const picks = await strategy.select(await makePool(points, probabilities), 4, makeTools(strategy));
  expect(picks[0]!.reason).toContain("trusts its own guess least");
  expect(picks[3]!.reason).toContain("fairly sure");
});
