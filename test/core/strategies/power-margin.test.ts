// Power margin: doubtful rows are drawn more often, in proportion to a power of their margin.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/power-margin";
import { makePool, onCircle, selectRows } from "../make-pool";

const points = [0, 1].map(onCircle);
// Margins 1 − 0.2 = 0.8 and 1 − 0.6 = 0.4.
const probabilities = [
  [0.6, 0.4],
  [0.8, 0.2],
];

test("draws in proportion to the margin to the power of the sharpness", async () => {
  const pool = await makePool(points, probabilities);
  const draws = 2000;
  let first = 0;
  for (let seed = 0; seed < draws; seed++)
    if ((await selectRows(strategy, pool, 1, { sharpness: 2 }, seed))[0] === 0) first++;
  // 0.8² : 0.4² is 4 : 1; the standard error of the share is 0.009.
  expect(first / draws).toBeGreaterThan(0.77);
  expect(first / draws).toBeLessThan(0.83);
});
