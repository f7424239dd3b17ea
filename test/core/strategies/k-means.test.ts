// k-means: the middle of each group, larger groups first.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/k-means";
import { makePool, onCircle, selectRows } from "../make-pool";

test("asks about the middle of each group, the larger first", async () => {
  const points = [118, 120, 122, -4, -2, 0, 2, 4].map(onCircle);
  for (const seed of [1, 2, 3])
    expect(await selectRows(strategy, await makePool(points, null), 2, {}, seed)).toEqual([5, 1]);
});

test("leaves out what is labelled", async () => {
  const points = [118, 120, 122, -4, -2, 0, 2, 4].map(onCircle);
  const pool = await makePool(points, null, [0, 2, 3, 4, 6, 7], [1, 5]);
  const rows = await selectRows(strategy, pool, 2);
  expect([4, 6]).toContain(rows[0]);
  expect([0, 2]).toContain(rows[1]);
});
