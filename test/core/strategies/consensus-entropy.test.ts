// Consensus entropy: how undecided the members' mean is.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/consensus-entropy";
import { makeCommitteePool } from "../make-committee";
import { makeTools } from "../make-pool";

test("is the entropy of the mean", async () => {
  const opinions = [
    [
      [0.9, 0.1],
      [0.6, 0.4],
      [0.5, 0.5],
    ],
    [
      [0.5, 0.5],
      [0.4, 0.6],
      [0.9, 0.1],
    ],
  ];
  const picks = await strategy.select(await makeCommitteePool(opinions), 3, makeTools(strategy));
  // Means of the first class: 0.7, 0.5, 0.7.
  expect(picks.map(({ row }) => row)).toEqual([1, 0, 2]);
  expect(picks[0]!.score).toBeCloseTo(Math.log(2), 6);
  expect(picks[1]!.score).toBeCloseTo(-0.7 * Math.log(0.7) - 0.3 * Math.log(0.3), 5);
});
