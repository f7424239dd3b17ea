// Rare classes: every other question goes to the likeliest of the class with the fewest labels.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/rare-class";
import { makePool, onCircle, selectRows } from "../make-pool";

const points = [0, 1, 2, 3, 4, 5, 6].map(onCircle);
const probabilities = [
  [0.9, 0.1],
  [0.9, 0.1],
  [0.9, 0.1],
  [0.52, 0.48],
  [0.6, 0.4],
  [0.05, 0.95],
  [0.1, 0.9],
];

test("alternates between the most doubtful and the likeliest rare one", async () => {
  const pool = await makePool(points, probabilities, [2, 3, 4, 5, 6], [0, 1], [0, 0]);
  expect(await selectRows(strategy, pool, 4)).toEqual([3, 5, 4, 6]);
});

test("hunts only, or not at all", async () => {
  const pool = await makePool(points, probabilities, [2, 3, 4, 5, 6], [0, 1], [0, 0]);
  expect(await selectRows(strategy, pool, 2, { huntShare: 1 })).toEqual([5, 6]);
  expect(await selectRows(strategy, pool, 2, { huntShare: 0 })).toEqual([3, 4]);
});
