// Margin, spread out: only doubtful rows, and not the same doubt twice.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/margin-then-diversify";
import { makePool, makeTools, onCircle, selectRows } from "../make-pool";

// Rows 0 to 2 are one doubtful group, 3 and 4 another that is a little less doubtful; 5 is sure.
const points = [-3, 0, 3, 179, 181, 90].map(onCircle);
const probabilities = [
  [0.5, 0.5],
  [0.5, 0.5],
  [0.5, 0.5],
  [0.45, 0.55],
  [0.45, 0.55],
  [0.99, 0.01],
];

test("takes one of each doubtful group, where margin alone takes the first twice", async () => {
  const pool = await makePool(points, probabilities);
  const picks = await strategy.select(pool, 2, makeTools(strategy, { poolFactor: 2.5 }));
  // The middle of the larger group, then the lower of two equals in the other.
  expect(picks.map(({ row }) => row)).toEqual([1, 3]);
  expect(picks.map(({ score }) => score)).toEqual([1, expect.closeTo(0.9, 6)]);
});

test("a pool factor of 1 is margin", async () => {
  const pool = await makePool(points, probabilities);
  expect((await selectRows(strategy, pool, 2, { poolFactor: 1 })).sort()).toEqual([0, 1]);
});

test("doubt outweighs numbers", async () => {
  // Two sure rows lie together, one row in full doubt lies alone: their weights are 0.2 each against 1.
  const pool = await makePool([0, 0, 180].map(onCircle), [
    [0.9, 0.1],
    [0.9, 0.1],
    [0.5, 0.5],
  ]);
  expect(await selectRows(strategy, pool, 1)).toEqual([2]);
});

test("rows outside the doubtful part are never asked", async () => {
  const pool = await makePool(points, probabilities);
  expect(await selectRows(strategy, pool, 5, { poolFactor: 1 })).not.toContain(5);
});
