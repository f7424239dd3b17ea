// Max disagreement: the largest divergence of one member from the mean.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/max-disagreement";
import { makeCommitteePool } from "../make-committee";
import { makeTools } from "../make-pool";

test("one member that objects counts as much as its divergence from the mean", async () => {
  const same = [0.6, 0.4];
  const opinions = [
    [same, [0.8, 0.2]],
    [same, [0.8, 0.2]],
    [same, [0.2, 0.8]],
  ];
  const picks = await strategy.select(await makeCommitteePool(opinions), 2, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([1, 0]);
  // The mean is (0.6, 0.4).
  expect(picks[0]!.score).toBeCloseTo(0.2 * Math.log(0.2 / 0.6) + 0.8 * Math.log(0.8 / 0.4), 5);
  expect(picks[1]!.score).toBe(0);
});
