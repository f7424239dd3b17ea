// Ranked batch: distance and doubt, weighed by how much is labelled.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/ranked-batch";
import { makePool, makeTools, onCircle } from "../make-pool";

test("α (1 − similarity) + (1 − α) doubt, one after the other", async () => {
  const points = [0, 180, 90, 0].map(onCircle);
  const doubt = points.map(() => [0.5, 0.5]);
  const picks = await strategy.select(await makePool(points, doubt, [1, 2, 3], [0]), 3, makeTools(strategy));
  expect(picks.map(({ row }) => row)).toEqual([1, 2, 3]);
  // Three open, one labelled: α = ¾, similarity (1 + cos)/2 = 0; then α = ½ and ½ on either side; then α = ¼.
  expect(picks[0]!.score).toBeCloseTo(0.75 + 0.25, 6);
  expect(picks[1]!.score).toBeCloseTo(0.5 * 0.5 + 0.5, 6);
  expect(picks[2]!.score).toBeCloseTo(0.25 * 0 + 0.75, 6);
});
