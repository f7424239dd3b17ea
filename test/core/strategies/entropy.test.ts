// Entropy: the row whose belief is spread widest comes first.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/entropy";
import { makePool, makeTools, onCircle } from "../make-pool";

const points = Array.from({ length: 4 }, () => onCircle(0));
// Entropies ln 3, ln 2, about 0.94 and 0.39. Margin would ask about row 1 before row 2.
const probabilities = [
  [1 / 3, 1 / 3, 1 / 3],
  [0.5, 0.5, 1e-9],
  [0.6, 0.3, 0.1],
  [0.9, 0.05, 0.05],
];

test("orders by the spread of belief", async () => {
  const picks = await strategy.select(await makePool(points, probabilities), 4, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([0, 2, 1, 3]);
  expect(picks[0]!.score).toBeCloseTo(1, 6);
  expect(picks[2]!.score).toBeCloseTo(Math.log(2) / Math.log(3), 6);
});
