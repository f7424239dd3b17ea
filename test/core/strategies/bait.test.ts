// BAIT: the pick that lowers tr(M⁻¹F) most, against the determinant-free sum written out.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/bait";
import { makePool, makeTools, onCircle } from "../make-pool";

test("asks in the direction that many doubtful rows share and no label has", async () => {
  // Labelled along 0°, most of the pool along 90°.
  const points = [0, 0, 1, 88, 90, 92].map(onCircle);
  const doubt = points.map(() => [0.5, 0.5]);
  const pool = await makePool(points, doubt, [2, 3, 4, 5], [0, 1]);
  const [first] = await strategy.select(pool, 1, makeTools(strategy));
  expect(first!.row).toBe(4);
});

test("its score is the decrease of tr(M⁻¹F), worked out by hand along the axes", async () => {
  // Two axes, one candidate each, nothing labelled: M = λI with λ = 0.01.
  const pool = await makePool(
    [onCircle(0), onCircle(90)],
    [
      [0.5, 0.5],
      [0.9, 0.1],
    ],
  );
  const [first, second] = await strategy.select(pool, 2, makeTools(strategy));
  // c = π(1 − π) · b/(L + b)/b with b = 2: 0.125 and 0.045. F has π(1 − π)/2 on each axis.
  const decrease = (c: number, f: number) => f / 0.01 - f / (0.01 + c);
  expect([first!.row, second!.row]).toEqual([0, 1]);
  expect(first!.score).toBeCloseTo(decrease(0.125, 0.125), 3);
  expect(second!.score).toBeCloseTo(decrease(0.045, 0.045), 3);
});
