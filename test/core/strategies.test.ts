// What `Strategy` promises, asked of every strategy there is. A new file is tested as soon as it exists.

import { describe, expect, test } from "vitest";
import { PoolExhausted, Stopped, TooFewLabels } from "../../src/core/errors";
import { createRandom } from "../../src/core/random";
import { strategies, strategyById } from "../../src/core/registry";
import type { Pool } from "../../src/core/selection/strategy";
import { createWasmKernels } from "../../workers/compute/wasm/wasm-kernels";
import { makePool, makeTools, onCircle, selectRows } from "./make-pool";

function randomPoints(count: number, dims: number, seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const point = Array.from({ length: dims }, () => random.normal());
    const length = Math.hypot(...point);
    return point.map((value) => value / length);
  });
}

function randomProbabilities(count: number, classes: number, seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const raw = Array.from({ length: classes }, () => random.next() + 0.01);
    const total = raw.reduce((sum, value) => sum + value, 0);
    return raw.map((value) => value / total);
  });
}

/** 40 rows, of which every fourth is labelled and every third of the others is neither. */
async function mixedPool(): Promise<Pool> {
  const rows = Array.from({ length: 40 }, (_, row) => row);
  const labelled = rows.filter((row) => row % 4 === 0);
  const candidates = rows.filter((row) => row % 4 !== 0 && row % 3 !== 0);
  const labels = labelled.map((row) => row % 3);
  return makePool(randomPoints(40, 5, 3), randomProbabilities(40, 3, 4), candidates, labelled, labels);
}

function snapshot({ embeddings: _, ...rest }: Pool) {
  return structuredClone(rest);
}

test("the registry has a name for every file and says so when asked for another", () => {
  for (const [id, strategy] of strategies) expect(strategy.id).toBe(id);
  expect(() => strategyById("nonsense")).toThrow(/no strategy called "nonsense".*margin/);
});

describe.each([...strategies.values()])("$id", (strategy) => {
  test.each([0, 1, 7])("gives exactly %i different candidates, with a reason each", async (count) => {
    const pool = await mixedPool();
    const picks = await strategy.select(pool, count, makeTools(strategy));
    expect(picks).toHaveLength(count);
    expect(new Set(picks.map(({ row }) => row)).size).toBe(count);
    for (const { row, score, reason } of picks) {
      expect(pool.candidates).toContain(row);
      expect(score).toBeTypeOf("number");
      expect(score).not.toBeNaN();
      expect(reason).toMatch(/^[A-Z].*\.$/);
      expect(reason.length).toBeLessThan(90);
    }
  });

  test("gives the whole pool when asked for it", async () => {
    const pool = await mixedPool();
    const rows = await selectRows(strategy, pool, pool.candidates.length);
    expect(rows.sort((a, b) => a - b)).toEqual([...pool.candidates]);
  });

  test("same seed, same answer, and the pool is as before", async () => {
    const pool = await mixedPool();
    const before = snapshot(pool);
    const first = await selectRows(strategy, pool, 6);
    expect(await selectRows(strategy, pool, 6)).toEqual(first);
    expect(snapshot(pool)).toEqual(before);
  });

  test("ties go to the lowest row, unless it never looks at the pool or says that it draws", async () => {
    const same = Array.from({ length: 9 }, () => onCircle(30));
    const doubt = same.map(() => [0.4, 0.3, 0.3]);
    const candidates = [2, 3, 5, 6, 8];
    const rows = await selectRows(strategy, await makePool(same, doubt, candidates, [0]), 3);
    const elsewhere = await makePool(randomPoints(9, 2, 5), randomProbabilities(9, 3, 6), candidates, [0]);
    const isBlind = String(rows) === String(await selectRows(strategy, elsewhere, 3));
    if (!isBlind && !strategy.byChance) expect(rows).toEqual([2, 3, 5]);
  });

  test("too large a count is PoolExhausted, also in an empty pool", async () => {
    const pool = await mixedPool();
    const count = pool.candidates.length + 1;
    await expect(strategy.select(pool, count, makeTools(strategy))).rejects.toThrow(PoolExhausted);
    const empty = { ...pool, candidates: new Uint32Array(0) };
    await expect(strategy.select(empty, 1, makeTools(strategy))).rejects.toThrow(PoolExhausted);
  });

  test("stops when told", async () => {
    const tools = makeTools(strategy, {}, 1, { aborted: true });
    await expect(strategy.select(await mixedPool(), 3, tools)).rejects.toThrow(Stopped);
  });

  test("without a head it works, or says what is missing if it needs one", async () => {
    const none = { scores: null, classes: 0, members: null, layer: null };
    const nothing = { labelled: new Uint32Array(0), labels: new Int32Array(0) };
    const pool: Pool = { ...(await mixedPool()), ...none, ...nothing };
    const asked = strategy.select(pool, 2, makeTools(strategy));
    if (strategy.needs.length > 0) await expect(asked).rejects.toThrow(TooFewLabels);
    else expect(await asked).toHaveLength(2);
  });

  test.each([
    ["one class", [[1], [1], [1], [1]], [0, 90, 180, 270].map(onCircle)],
    ["equal rows and certain answers", [0, 1, 2, 3].map(() => [1, 0]), [0, 0, 0, 0].map(onCircle)],
    ["rows of zeros", [0, 1, 2, 3].map(() => [0.5, 0.5]), [0, 1, 2, 3].map(() => [0, 0])],
  ])("copes with %s", async (_, probabilities, points) => {
    const pool = await makePool(points, probabilities, [0, 1, 3], [2]);
    const picks = await strategy.select(pool, 3, makeTools(strategy));
    expect(picks.map(({ row }) => row).sort()).toEqual([0, 1, 3]);
    for (const { score } of picks) expect(score).not.toBeNaN();
  });

  test("chooses the same on the wasm tier", async () => {
    const pool = await mixedPool();
    const fast = await createWasmKernels();
    const embeddings = await fast.upload(pool.values, pool.embeddings.rows, pool.embeddings.dims);
    const picks = await strategy.select({ ...pool, embeddings }, 7, {
      ...makeTools(strategy),
      kernels: fast,
    });
    expect(picks.map(({ row }) => row)).toEqual(await selectRows(strategy, pool, 7));
  });

  test("its initial parameters lie within their bounds", () => {
    for (const { min, max, initial, step } of strategy.parameters) {
      expect(initial).toBeGreaterThanOrEqual(min);
      expect(initial).toBeLessThanOrEqual(max);
      expect(step).toBeGreaterThan(0);
    }
  });
});
