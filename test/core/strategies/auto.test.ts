// The default: coverage without a model, coverage by doubt with one, less weight where no answer would help.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/auto";
import { makePool, makeTools, onCircle, selectRows } from "../make-pool";

// Five around 0°, three around 120°, one at 240°.
const points = [-4, -2, 0, 2, 4, 118, 120, 122, 240].map(onCircle);

test("without a model it asks about what stands for most", async () => {
  const [first] = await strategy.select(await makePool(points, null), 1, makeTools(strategy));
  expect(first!.row).toBeLessThan(5);
  expect(first!.reason).toBe("Many items that nobody has labelled yet look like this one.");
});

test("with a model it asks where many doubtful items are", async () => {
  const doubt = points.map((_, row) => (row > 4 && row < 8 ? [0.55, 0.45] : [0.97, 0.03]));
  const [first] = await strategy.select(await makePool(points, doubt), 1, makeTools(strategy));
  expect(first!.row).toBe(6);
  expect(first!.reason).toContain("hesitates");
});

test("what resembles an item nobody could answer counts less, unless caution is off", async () => {
  const doubt = points.map((_, row) => (row > 4 && row < 8 ? [0.5, 0.5] : [0.8, 0.2]));
  const candidates = [0, 1, 2, 3, 4, 5, 7, 8];
  const pool = { ...(await makePool(points, doubt, candidates)), unsure: Uint32Array.of(6) };
  const weightOf = async (caution: number) => {
    const picks = await strategy.select(pool, 8, makeTools(strategy, { caution, leastReach: 0.05 }));
    return picks.find(({ row }) => row === 5)!.score;
  };
  expect(await weightOf(1)).toBe(0);
  expect(await weightOf(0)).toBeGreaterThan(0);
  const [first] = await selectRows(strategy, pool, 1, { caution: 1 });
  expect(first).toBeLessThan(5);
});

test("near copies that were answered differently count less too", async () => {
  const doubt = points.map((_, row) => (row > 4 && row < 8 ? [0.5, 0.5] : [0.75, 0.25]));
  const settled = await makePool(points, doubt, [0, 1, 2, 3, 4, 6, 8], [5, 7], [0, 0]);
  const contradicted = { ...settled, labels: Int32Array.of(0, 1) };
  const weightOf = async (pool: typeof settled) => {
    const picks = await strategy.select(pool, 7, makeTools(strategy, { caution: 1, leastReach: 0.05 }));
    return picks.find(({ row }) => row === 6)!.score;
  };
  expect(await weightOf(contradicted)).toBeLessThan(await weightOf(settled));
});

test("crowded embeddings are spread by their own distances", async () => {
  // The same picture within two degrees: with a reach of 1 everything would stand for everything.
  const crowded = [-4, -2, 0, 2, 4, 118, 120, 122, 240].map((degrees) => onCircle(degrees / 120));
  const rows = await selectRows(strategy, await makePool(crowded, null), 2);
  const wide = await selectRows(strategy, await makePool(points, null), 2);
  expect(rows[0]! < 5).toBe(true);
  expect(wide[0]! < 5).toBe(true);
  expect(rows[1]! >= 5).toBe(true);
});
