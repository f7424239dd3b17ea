// Going over long lists: every entry once and in order, and something else gets its turn in between.

import { expect, test } from "vitest";
import { piecemeal } from "../../src/engine/piecemeal";

test.each([0, 1, 1999, 2000, 2001, 9000])("%i entries come once each, in order", async (length) => {
  const seen: [entry: number, at: number][] = [];
  const list = Array.from({ length }, (_, at) => at);
  await piecemeal(list, (entry, at) => void seen.push([entry, at]));
  expect(seen).toEqual(list.map((entry) => [entry, entry]));
});

test("a long list lets others have their turn, and a short one is through before they do", async () => {
  const seenAtTurns = async (length: number) => {
    let seen = 0;
    const turns: number[] = [];
    const timer = setInterval(() => turns.push(seen));
    await piecemeal(new Array<null>(length).fill(null), () => void seen++);
    clearInterval(timer);
    return turns;
  };
  expect(await seenAtTurns(2000)).toEqual([]);
  const turns = await seenAtTurns(100_000);
  expect(turns.some((seen) => seen > 0 && seen < 100_000)).toBe(true);
});

test("an entry that takes its time is waited for, and one that fails ends it", async () => {
  const order: string[] = [];
  const visit = async (entry: string) => {
    order.push(`${entry} begins`);
    await new Promise((resolve) => setTimeout(resolve));
    if (entry === "c") throw new Error("c is broken.");
    order.push(`${entry} ends`);
  };
  await expect(piecemeal(["a", "b", "c", "d"], visit)).rejects.toThrow("c is broken.");
  expect(order).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins"]);
});
