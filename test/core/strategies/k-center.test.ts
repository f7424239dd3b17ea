// k-center: the candidate farthest from everything labelled, then the farthest from those and the first pick.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/k-center";
import { makePool, makeTools, onCircle, selectRows } from "../make-pool";

const points = [0, 12, 100, 180, 190].map(onCircle);

test("goes to the farthest, then to the farthest from that", async () => {
  const pool = await makePool(points, null, [1, 2, 3, 4], [0]);
  const picks = await strategy.select(pool, 3, makeTools(strategy));
  // From 0°: 180° is a diameter away. Then 100° is 80° from the nearest centre, 12° and 190° only 12° and 10°.
  expect(picks.map(({ row }) => row)).toEqual([3, 2, 1]);
  expect(picks[0]!.score).toBeCloseTo(2, 6);
  expect(picks[1]!.score).toBeCloseTo(2 * Math.sin((40 * Math.PI) / 180), 6);
});

test("starts in the middle when nothing is labelled", async () => {
  const pool = await makePool([0, 40, 80].map(onCircle), null);
  const picks = await strategy.select(pool, 2, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([1, 0]);
  expect(picks[0]!.reason).toContain("ordinary");
});

test("keeps away from labelled rows that are no candidates", async () => {
  const pool = await makePool([0, 90, 180].map(onCircle), null, [0, 1], [2]);
  expect(await selectRows(strategy, pool, 1)).toEqual([0]);
});
