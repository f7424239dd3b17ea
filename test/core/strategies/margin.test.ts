// Margin: the row whose two best guesses are closest comes first.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/margin";
import { makePool, makeTools, onCircle, selectRows } from "../make-pool";

const points = Array.from({ length: 4 }, () => onCircle(0));
// Gaps 0.1, 0.175, 0 and 0.85. Least confidence would ask about row 1 first.
const probabilities = [
  [0.5, 0.4, 0.1],
  [0.45, 0.275, 0.275],
  [0.48, 0.04, 0.48],
  [0.9, 0.05, 0.05],
];

test("orders by the gap between the two best guesses", async () => {
  const picks = await strategy.select(await makePool(points, probabilities), 4, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([2, 0, 1, 3]);
  expect(picks[1]!.score).toBeCloseTo(0.9, 6);
});

test("asks about candidates only", async () => {
  expect(await selectRows(strategy, await makePool(points, probabilities, [1, 3], [2]), 1)).toEqual([1]);
});
