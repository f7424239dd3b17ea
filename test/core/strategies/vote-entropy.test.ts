// Vote entropy: how evenly the members' guesses are split.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/vote-entropy";
import { differing, makeCommitteePool } from "../make-committee";
import { makeTools } from "../make-pool";

test("counts votes, not how sure they are", async () => {
  const picks = await strategy.select(await makeCommitteePool(differing), 4, makeTools(strategy));
  // A tie within a member is a vote for the first class, so row 0 has two equal votes.
  expect(picks.map(({ row }) => row)).toEqual([1, 2, 0, 3]);
  expect(picks[0]!.score).toBeCloseTo(Math.log(2), 6);
  expect(picks[1]!.score).toBeCloseTo(Math.log(2), 6);
  expect(picks[2]!.score).toBe(0);
});
