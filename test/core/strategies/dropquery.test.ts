// DropQuery: guesses that hang on a single dimension flip when it is hidden.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/dropquery";
import { makePool, makeTools } from "../make-pool";

test("asks where hiding parts changes the guess", async () => {
  // Both guesses are the first class: of row 0 by one dimension against the bias, of row 1 by three together.
  const points = [
    [0, 0, 0, 1],
    [1, 1, 1, 0],
    [1, 1, 1, 0],
  ];
  const layer = {
    dims: 4,
    classes: 2,
    weights: Float32Array.of(9, 0, 9, 0, 9, 0, 0.1, 0),
    bias: Float32Array.of(0, 0.05),
  };
  const pool = {
    ...(await makePool(points, [
      [0.6, 0.4],
      [0.9, 0.1],
      [0.9, 0.1],
    ])),
    layer,
  };
  const picks = await strategy.select(pool, 3, makeTools(strategy, { turns: 25, hidden: 0.5 }));
  const score = new Map(picks.map((pick) => [pick.row, pick.score]));
  // Row 0 flips whenever its dimension is hidden, one time in two; row 1 only when all three are, one in eight.
  expect(score.get(0)).toBeGreaterThan(0.3);
  expect(score.get(1)).toBeLessThan(0.3);
  expect(score.get(1)).toBe(score.get(2));
});
