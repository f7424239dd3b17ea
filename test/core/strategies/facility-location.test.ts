// Facility location with cosines: gains are the mean similarity won.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/facility-location";
import { makePool, makeTools, onCircle } from "../make-pool";

test("takes what most resemble, then what nothing chosen resembles", async () => {
  const points = [0, 30, -30, 90].map(onCircle);
  const picks = await strategy.select(await makePool(points, null), 2, makeTools(strategy));
  const cosine = Math.cos(Math.PI / 6);
  expect(picks.map(({ row }) => row)).toEqual([1, 0]);
  // Row 1: 1 for itself, cos 30° for row 0, cos 60° for rows 2 and 3.
  expect(picks[0]!.score).toBeCloseTo((1 + cosine + 0.5 + 0.5) / 4, 5);
  // Rows 0 and 2 would each win half a similarity: the lower one is asked.
  expect(picks[1]!.score).toBeCloseTo((1 - cosine + (cosine - 0.5)) / 4, 5);
});

test("labelled rows stand for their like already", async () => {
  const points = [0, 1, 2, 90].map(onCircle);
  const [first] = await strategy.select(await makePool(points, null, [1, 2, 3], [0]), 1, makeTools(strategy));
  expect(first!.row).toBe(3);
});
