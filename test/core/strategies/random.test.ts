// Random asking: every candidate is as likely as every other, and nothing else matters.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/random";
import { makePool, onCircle, selectRows } from "../make-pool";

const points = Array.from({ length: 8 }, (_, at) => onCircle(at * 10));

test("draws each candidate equally often", async () => {
  const pool = await makePool(points, null, [1, 3, 4, 7]);
  const counts = new Map<number, number>();
  for (let seed = 0; seed < 2000; seed++)
    for (const row of await selectRows(strategy, pool, 2, {}, seed))
      counts.set(row, (counts.get(row) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual([1, 3, 4, 7]);
  // Expected 1000 each, with a standard deviation of 22.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(110);
});

test("does not look at the embeddings", async () => {
  const other = points.map(() => onCircle(0));
  expect(await selectRows(strategy, await makePool(points, null), 4)).toEqual(
    await selectRows(strategy, await makePool(other, null), 4),
  );
});
