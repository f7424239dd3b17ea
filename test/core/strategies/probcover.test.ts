// ProbCover: the ball that holds most that is not covered yet.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/probcover";
import { makePool, makeTools, onCircle } from "../make-pool";

// Two groups far apart, so that balls grow as wide as the groups.
const points = [-8, -4, 0, 4, 8, 170, 180, 190].map(onCircle);
const two = points.map(() => [0.5, 0.5]);

test("asks about the larger group first, then the other; what is covered counts no more", async () => {
  const picks = await strategy.select(await makePool(points, two), 2, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([0, 5]);
  expect(picks.map(({ score }) => score)).toEqual([5 / 8, 3 / 8]);
});

test("a labelled row covers its group", async () => {
  const pool = await makePool(points, two, [0, 1, 3, 4, 5, 6, 7], [2]);
  expect((await strategy.select(pool, 1, makeTools(strategy)))[0]!.row).toBe(5);
});
