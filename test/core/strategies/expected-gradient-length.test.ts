// Expected gradient length: ‖x‖ times the expected ‖p − e_y‖.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/expected-gradient-length";
import { makePool, makeTools } from "../make-pool";

const points = [
  [1, 0],
  [0, 2],
  [1, 0],
];
const probabilities = [
  [0.5, 0.5],
  [0.8, 0.2],
  [0.8, 0.2],
];

test("weighs doubt by the length of the embedding", async () => {
  const picks = await strategy.select(await makePool(points, probabilities), 3, makeTools(strategy));
  // ‖(0.5, −0.5)‖ = √½; with 0.8 and 0.2 the lengths are 0.2√2 and 0.8√2, in the mean 0.32√2.
  expect(picks.map(({ row }) => row)).toEqual([1, 0, 2]);
  expect(picks.map(({ score }) => score)).toEqual([
    expect.closeTo(0.64 * Math.SQRT2, 5),
    expect.closeTo(Math.SQRT1_2, 5),
    expect.closeTo(0.32 * Math.SQRT2, 5),
  ]);
});
