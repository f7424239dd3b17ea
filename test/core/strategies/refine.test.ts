// Refine: of a small pool everything survives the sifting, so that uherding decides alone.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/refine";
import { strategy as uherding } from "../../../src/core/strategies/uherding";
import { createRandom } from "../../../src/core/random";
import { makePool, onCircle, selectRows } from "../make-pool";

const random = createRandom(4);
const points = Array.from({ length: 60 }, () => onCircle(360 * random.next()));
const doubt = points.map(() => {
  const p = 0.5 + 0.5 * random.next();
  return [p, 1 - p];
});

test("agrees with uherding where every strategy may keep all there is", async () => {
  const pool = await makePool(points, doubt, [3, 5, 7, 11, 13], [0, 1]);
  expect((await selectRows(strategy, pool, 5)).sort()).toEqual((await selectRows(uherding, pool, 5)).sort());
});

test("keeps of a larger pool only what some strategy chose", async () => {
  const pool = await makePool(points, doubt, [...points.keys()].slice(2), [0, 1]);
  const rows = await selectRows(strategy, pool, 3, { turns: 1, parts: 1 });
  expect(new Set(rows).size).toBe(3);
  // The most doubtful is among what margin keeps, and uherding weighs by doubt.
  const margins = doubt.map(([p]) => 1 - (2 * p! - 1));
  for (const row of rows) expect(margins[row]).toBeGreaterThan(0.5);
});
