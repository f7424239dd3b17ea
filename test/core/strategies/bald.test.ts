// BALD: members that are sure of different answers, not members that are all undecided.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/bald";
import { differing, makeCommitteePool } from "../make-committee";
import { makeTools } from "../make-pool";

test("asks where members are sure and differ, and leaves alone what all are undecided about", async () => {
  const picks = await strategy.select(await makeCommitteePool(differing), 4, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([1, 2, 0, 3]);
  const entropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  expect(picks[0]!.score).toBeCloseTo(Math.log(2) - entropy(0.01), 5);
  expect(picks[1]!.score).toBeCloseTo(Math.log(2) - entropy(0.3), 5);
  expect(picks[2]!.score).toBe(0);
});
