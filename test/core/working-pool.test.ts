// Which rows the learner works on, and that what it says of places is said of the right rows.

import { expect, test } from "vitest";
import type { RoundInput } from "../../src/core/round";
import { WorkingPool } from "../../src/core/working-pool";
import { defaultSettings } from "../../src/core/project";

const rowsOf = (pool: WorkingPool) => [...pool.rows!];

test("an ordinary pool is worked on whole", () => {
  const pool = WorkingPool.draw(50, 1, 50);
  expect(pool.rows).toBeNull();
  expect([pool.placeOf(7), pool.rowAt(7), pool.countBelow(9)]).toEqual([7, 7, 9]);
  expect(pool.has(50)).toBe(false);
  expect(pool.including([3, 99])).toBe(pool);
});

test("of a larger one as many are drawn as there is room for, ascending, by the seed alone", () => {
  const drawn = rowsOf(WorkingPool.draw(10_000, 4, 500));
  expect(new Set(drawn).size).toBe(500);
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
  expect(rowsOf(WorkingPool.draw(10_000, 4, 500))).toEqual(drawn);
  expect(rowsOf(WorkingPool.draw(10_000, 5, 500))).not.toEqual(drawn);
});

test("every stretch of rows is drawn from alike", () => {
  // Of 20 stretches each should have 500 of its 5,000; the standard deviation of such a draw is 21.
  for (const seed of [1, 2, 3]) {
    const counts = new Array<number>(20).fill(0);
    for (const row of rowsOf(WorkingPool.draw(100_000, seed, 10_000))) counts[Math.floor(row / 5000)]! += 1;
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(5 * 21);
  }
});

test("as the pool grows, rows leave the sample only for new ones", () => {
  const before = WorkingPool.draw(2000, 9, 300);
  const after = WorkingPool.draw(3000, 9, 300);
  for (const row of rowsOf(after)) if (row < 2000) expect(before.has(row)).toBe(true);
  expect(rowsOf(after).some((row) => row >= 2000)).toBe(true);
});

test("labelled rows come along, and places lead back to their rows", () => {
  const pool = WorkingPool.draw(1000, 2, 100);
  const outside = Array.from({ length: 1000 }, (_, row) => row).filter((row) => !pool.has(row));
  const wider = pool.including([outside[3]!, outside[0]!, rowsOf(pool)[5]!, 5000]);
  expect(wider.rows!.length).toBe(102);
  for (const row of wider.rows!) expect(wider.rowAt(wider.placeOf(row))).toBe(row);
  expect(wider.countBelow(500)).toBe(rowsOf(wider).filter((row) => row < 500).length);
  expect(() => wider.placeOf(outside[1]!)).toThrow(RangeError);
});

test("a round asked in places answers in rows", () => {
  const pool = WorkingPool.draw(1000, 2, 100).including([1, 2]);
  const [first, second] = rowsOf(pool).slice(40, 42) as [number, number];
  const input: RoundInput = {
    number: 1,
    answerMode: "single",
    classIds: [],
    train: [{ row: first, classes: [0] }],
    holdOut: [{ row: second, classes: [1] }],
    candidates: Uint32Array.from({ length: 1000 }, (_, row) => row),
    settings: { ...defaultSettings, seed: 1 },
  };
  const inPlaces = pool.inputPlaces(input);
  expect(inPlaces.train[0]!.row).toBe(40);
  expect(inPlaces.holdOut[0]!.row).toBe(41);
  expect([...inPlaces.candidates]).toEqual([...pool.rows!.keys()]);
  const round = pool.roundRows({
    questions: [{ row: 40, nearest: [{ row: 41, similarity: 1 }] }],
    model: { kind: "k-nearest", places: Uint32Array.of(41, 40) },
  } as never);
  expect(round.questions[0]).toMatchObject({ row: first, nearest: [{ row: second }] });
  expect(round.model).toMatchObject({ places: Uint32Array.of(second, first) });
});
