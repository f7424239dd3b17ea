// What stands around any strategy: near copies wait, classes share the questions, only neighbours are candidates.

import { expect, test } from "vitest";
import {
  balanceClasses,
  holdBackCopies,
  restrictToNear,
  type Select,
} from "../../../src/core/selection/wrappers";
import { strategies } from "../../../src/core/registry";
import { wrapSelection } from "../../../src/core/selection/wrappers";
import { kernels, makePool, makeTools, onCircle } from "../make-pool";

const tools = { kernels, stop: null };
/** Takes candidates in their order. */
const inOrder: Select = async ({ candidates }, count) =>
  Array.from(candidates.subarray(0, count), (row) => ({ row, score: 0, reason: "Next." }));
const rowsOf = async (select: Select, pool: Parameters<Select>[0], count: number) =>
  (await select(pool, count)).map(({ row }) => row);

test("near copies of earlier picks wait, and come back when nothing else is left", async () => {
  const points = [0, 0, 1, 90, 90, 180].map(onCircle);
  const pool = await makePool(points, null);
  const select = holdBackCopies(inOrder, 0.99, tools);
  expect(await rowsOf(select, pool, 3)).toEqual([0, 3, 5]);
  expect(await rowsOf(select, pool, 6)).toEqual([0, 3, 5, 1, 2, 4]);
  expect(await rowsOf(holdBackCopies(inOrder, 1, tools), pool, 3)).toEqual([0, 1, 2]);
});

test("guessed classes with few labels get their share of the questions", async () => {
  const guesses = [0, 0, 0, 0, 1, 1, 2].map((c) => [0, 1, 2].map((one) => (one === c ? 0.8 : 0.1)));
  const points = guesses.map((_, row) => onCircle(row));
  const pool = await makePool(points, guesses, [2, 3, 4, 5, 6], [0, 1], [0, 0]);
  expect(await rowsOf(balanceClasses(inOrder, 0), pool, 3)).toEqual([2, 3, 4]);
  // Classes 1, 2, then 1 again, for 2 has no more candidates and 0 has two labels.
  expect(await rowsOf(balanceClasses(inOrder, 1), pool, 3)).toEqual([4, 5, 6]);
  expect(await rowsOf(balanceClasses(inOrder, 0.5), pool, 4)).toEqual([4, 6, 2, 3]);
});

test("only the nearest of what is labelled are candidates", async () => {
  const points = [0, 90, 80, 10, 5, 170].map(onCircle);
  const pool = await makePool(points, null, [1, 2, 3, 4, 5], [0]);
  expect(await rowsOf(restrictToNear(inOrder, 2, tools), pool, 2)).toEqual([3, 4]);
  expect(await rowsOf(restrictToNear(inOrder, 2, tools), pool, 4)).toEqual([1, 2, 3, 4]);
  expect(await rowsOf(restrictToNear(inOrder, 0, tools), pool, 2)).toEqual([1, 2]);
});

test.each([...strategies.values()])(
  "all three around $id keep its promise of the count",
  async (strategy) => {
    const points = Array.from({ length: 24 }, (_, row) => onCircle(15 * (row >> 1)));
    const doubt = points.map((_, row) => (row % 3 === 0 ? [0.6, 0.4] : [0.3, 0.7]));
    const candidates = [...points.keys()].filter((row) => row % 4 !== 0);
    const labelled = [...points.keys()].filter((row) => row % 4 === 0);
    const pool = await makePool(
      points,
      doubt,
      candidates,
      labelled,
      labelled.map((row) => row % 2),
    );
    const given = makeTools(strategy);
    const parameters = { classBalance: 0.5, nearestEach: 10, copiesFrom: 0.9 };
    const select = wrapSelection((from, count) => strategy.select(from, count, given), parameters, tools);
    for (const count of [0, 5, candidates.length]) {
      const rows = await rowsOf(select, pool, count);
      expect(new Set(rows).size).toBe(count);
      for (const row of rows) expect(candidates).toContain(row);
    }
  },
);
