// Information density: doubt times mean similarity.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/information-density";
import { makePool, makeTools, onCircle, selectRows } from "../make-pool";

const points = [0, 0, 90].map(onCircle);
const doubt = [
  [0.6, 0.4],
  [0.6, 0.4],
  [0.5, 0.5],
];

test("prefers a crowded place to a lonely one a little more doubtful, unless the crowd has no weight", async () => {
  const pool = await makePool(points, doubt);
  const picks = await strategy.select(pool, 3, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([0, 1, 2]);
  // Entropy 1 bit, similar to itself only.
  expect(picks[2]!.score).toBeCloseTo(1 / 3, 5);
  expect(await selectRows(strategy, pool, 1, { beta: 0 })).toEqual([2]);
});
