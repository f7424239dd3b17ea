// Variation ratio: the share of members that do not vote for the winner.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/variation-ratio";
import { makeCommitteePool } from "../make-committee";
import { makeTools } from "../make-pool";

test("is one minus the winner's share of the votes", async () => {
  const [a, b, c] = [
    [0.6, 0.2, 0.2],
    [0.2, 0.6, 0.2],
    [0.2, 0.2, 0.6],
  ];
  const opinions = [
    [a!, a!, a!],
    [a!, a!, b!],
    [a!, b!, c!],
  ];
  const picks = await strategy.select(await makeCommitteePool(opinions), 3, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([2, 1, 0]);
  expect(picks.map(({ score }) => Math.round(3 * score))).toEqual([2, 1, 0]);
});
