// The labelled items most like a question, on points of a circle.

import { expect, test } from "vitest";
import { labelledNeighbours } from "../../../src/core/selection/labelled-neighbours";
import { kernels, onCircle, uploadPoints } from "../make-pool";

const points = [0, 10, 20, 90, 100, 5].map(onCircle);

test("three of them, most alike first, ties to the lowest row", async () => {
  const found = await labelledNeighbours(
    await uploadPoints(points),
    [5, 4],
    Uint32Array.of(0, 1, 2, 3),
    kernels,
  );
  expect(found.map((list) => list.map(({ row }) => row))).toEqual([
    [0, 1, 2],
    [3, 2, 1],
  ]);
  expect(found[1]![0]!.similarity).toBeCloseTo(Math.cos((10 * Math.PI) / 180), 5);
});

test("as many as there are, and none without labels", async () => {
  const matrix = await uploadPoints(points);
  expect((await labelledNeighbours(matrix, [5], Uint32Array.of(3), kernels))[0]).toHaveLength(1);
  expect(await labelledNeighbours(matrix, [5, 4], Uint32Array.of(), kernels)).toEqual([[], []]);
  expect(await labelledNeighbours(matrix, [], Uint32Array.of(1), kernels)).toEqual([]);
});
