// The default: coverage without a model, coverage by doubt with one, less weight where no answer would help.

import { expect, test } from "vitest";
import { scoresFromLogits } from "../../../src/core/kernels/scores";
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
  const pool = { ...(await makePool(points, doubt, candidates)), passed: Uint32Array.of(6) };
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
  const contradicted = { ...settled, outcomes: Int32Array.of(0, 1) };
  const weightOf = async (pool: typeof settled) => {
    const picks = await strategy.select(pool, 7, makeTools(strategy, { caution: 1, leastReach: 0.05 }));
    return picks.find(({ row }) => row === 6)!.score;
  };
  expect(await weightOf(contradicted)).toBeLessThan(await weightOf(settled));
});

test("with several classes an item, doubt about many of them weighs more than the same doubt about one", async () => {
  // Rows 0 to 4 doubt one class of three entirely, rows 5 to 7 doubt all three nearly as much.
  const classes = 3;
  const likely = points.map((_, row) => (row < 5 ? [0.5, 0.01, 0.01] : [0.42, 0.42, 0.42]));
  const logits = Float64Array.from(likely.flat(), (p) => Math.log(p / (1 - p)));
  const scores = scoresFromLogits(logits, points.length, classes, "sigmoid");
  const pool = { ...(await makePool(points, null)), scores, classes };
  const first = async (answerMode: "single" | "multiple") =>
    (await strategy.select({ ...pool, answerMode }, 1, makeTools(strategy, { leastReach: 0.05 })))[0]!.row;
  expect([5, 6, 7]).toContain(await first("multiple"));
  // By the greatest doubt alone the larger group would come first.
  expect(await first("single")).toBeLessThan(5);
});

test("in crowded embeddings only copies nearer still lose weight with an unsure item", async () => {
  // All within two degrees: by plain cosine everything would be a copy of row 6.
  const crowded = points.map(([x, y]) => onCircle((Math.atan2(y!, x!) * 180) / Math.PI / 120));
  const doubt = crowded.map(() => [0.5, 0.5]);
  const pool = { ...(await makePool(crowded, doubt, [0, 1, 2, 3, 4, 5, 7, 8])), passed: Uint32Array.of(6) };
  const picks = await strategy.select(pool, 8, makeTools(strategy, { caution: 1, leastReach: 0.05 }));
  expect(picks[0]!.score).toBeGreaterThan(0.3);
  expect(picks[0]!.row).toBeLessThan(5);
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
