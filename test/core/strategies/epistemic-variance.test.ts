// Epistemic variance: the summed variance of the members' probabilities.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/epistemic-variance";
import { differing, makeCommitteePool } from "../make-committee";
import { makeTools } from "../make-pool";

test("is the sum over classes of the variance over members", async () => {
  const picks = await strategy.select(await makeCommitteePool(differing), 4, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([1, 2, 0, 3]);
  expect(picks[0]!.score).toBeCloseTo(2 * 0.49 ** 2, 5);
  expect(picks[1]!.score).toBeCloseTo(2 * 0.2 ** 2, 5);
});
