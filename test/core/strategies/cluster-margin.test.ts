// Cluster-Margin: round the groups of doubtful items, the small ones first.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/cluster-margin";
import { makePool, onCircle, selectRows } from "../make-pool";

// Three around 0° of which row 1 is the most doubtful, one at 120°, one sure one at 240°.
const points = [0, 2, 4, 120, 240].map(onCircle);
const doubt = [
  [0.6, 0.4],
  [0.5, 0.5],
  [0.6, 0.4],
  [0.65, 0.35],
  [0.99, 0.01],
];

test("takes one of each group of doubtful items, the small group first", async () => {
  const pool = await makePool(points, doubt);
  // Two questions of two doubtful items each: the four that are doubtful at all.
  expect(await selectRows(strategy, pool, 2, { poolFactor: 2 })).toEqual([3, 1]);
});

test("with one doubtful item per question it is the margin", async () => {
  const pool = await makePool(points, doubt);
  expect((await selectRows(strategy, pool, 3, { poolFactor: 1 })).sort()).toEqual([0, 1, 2]);
});
