// BADGE: the largest gradient first, then gradients in other directions.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/badge";
import { makePool, onCircle, selectRows } from "../make-pool";

test("the first has the largest gradient, and copies of it come last", async () => {
  const points = [0, 0, 90].map(onCircle);
  const doubt = [
    [0.5, 0.5],
    [0.5, 0.5],
    [0.7, 0.3],
  ];
  for (const seed of [1, 2, 3])
    expect(await selectRows(strategy, await makePool(points, doubt), 3, {}, seed)).toEqual([0, 2, 1]);
});
