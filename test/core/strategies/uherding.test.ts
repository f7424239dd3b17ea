// Uncertainty herding: coverage in which doubtful rows count more.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/uherding";
import { makePool, makeTools, onCircle, selectRows } from "../make-pool";

// Five sure ones around 0°, three doubtful ones around 120°.
const points = [-4, -2, 0, 2, 4, 118, 120, 122].map(onCircle);
const doubtful = points.map((_, row) => (row < 5 ? [0.99, 0.01] : [0.55, 0.45]));
const equal = points.map(() => [0.75, 0.25]);

test("goes where the doubt is, not where most items are", async () => {
  expect(await selectRows(strategy, await makePool(points, doubtful), 1)).toEqual([6]);
  const [first, second] = await selectRows(strategy, await makePool(points, equal), 2);
  expect(first).toBeLessThan(5);
  expect(second).toBeGreaterThan(4);
});

test("the reach is the smallest distance between labelled items: dense labels turn it to the margin", async () => {
  // Labelled at 60° and 61°. Row 8 is alone and the most doubtful; the five around 0° have more doubt together.
  const more = [...points, onCircle(240), onCircle(60), onCircle(61)];
  const odds = [...equal, [0.5, 0.5], [0.9, 0.1], [0.9, 0.1]];
  const pool = await makePool(more, odds, [0, 1, 2, 3, 4, 5, 6, 7, 8], [9, 10]);
  expect(await selectRows(strategy, pool, 1, { leastReach: 0.1 })).toEqual([2]);
  expect(await selectRows(strategy, pool, 1, { leastReach: 0 })).toEqual([8]);
  // One label alone has no distance to another.
  const apart = { ...pool, labelled: Uint32Array.of(9) };
  expect((await selectRows(strategy, apart, 1, { leastReach: 0 }))[0]).toBeLessThan(5);
});

test("gains are the mean of doubt times similarity", async () => {
  const pool = await makePool(
    [onCircle(0), onCircle(180)],
    [
      [0.5, 0.5],
      [0.9, 0.1],
    ],
  );
  const [first] = await strategy.select(pool, 1, makeTools(strategy));
  // Reach 1: itself with doubt 1, the opposite point at distance 2 with doubt 0.2.
  expect(first!.row).toBe(0);
  expect(first!.score).toBeCloseTo((1 + 0.2 * Math.exp(-4)) / 2, 6);
});
