// Near duplicates on a few rows that can be checked by hand, and against comparing all with all.

import { expect, test } from "vitest";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { countPairs, findNearPairs, groupPairs } from "../../src/core/near-duplicates";
import { createRandom } from "../../src/core/random";

const kernels = createReferenceKernels();

async function pairsOf(rows: readonly (readonly number[])[], floor: number) {
  const dims = rows[0]!.length;
  const values = Float32Array.from(rows.flatMap((row) => row.map((one) => one / (Math.hypot(...row) || 1))));
  const matrix = await kernels.upload(values, rows.length, dims);
  return findNearPairs(matrix, values, floor, { kernels, stop: null });
}

test("pairs come once each, most alike first, with their cosine; zeros are like nothing", async () => {
  const { left, right, similarities } = await pairsOf(
    [
      [1, 0],
      [0, 0],
      [1, 0.1],
      [0, 1],
      [1, 0],
    ],
    0.9,
  );
  expect([...left].map((one, at) => [one, right[at]])).toEqual([
    [0, 4],
    [0, 2],
    [2, 4],
  ]);
  expect(similarities[0]).toBe(1);
  expect(similarities[1]).toBeCloseTo(1 / Math.hypot(1, 0.1), 5);
});

test("the threshold counts along the pairs, and groups are what they chain together", async () => {
  const pairs = {
    left: Uint32Array.of(5, 1, 2, 7),
    right: Uint32Array.of(6, 2, 3, 9),
    similarities: Float32Array.of(1, 0.97, 0.95, 0.9),
  };
  expect([1, 0.96, 0.95, 0.9, 0].map((threshold) => countPairs(pairs, threshold))).toEqual([1, 2, 2, 3, 4]);
  expect(groupPairs(pairs, 4)).toEqual([
    [1, 2, 3],
    [5, 6],
    [7, 9],
  ]);
  expect(groupPairs(pairs, 2)).toEqual([
    [1, 2],
    [5, 6],
  ]);
  expect(groupPairs(pairs, 0)).toEqual([]);
});

test("a group larger than the neighbours looked at stays one group", async () => {
  const pairs = await pairsOf(
    Array.from({ length: 40 }, () => [1, 2, 3]),
    0.99,
  );
  expect(groupPairs(pairs, pairs.left.length)).toEqual([Array.from({ length: 40 }, (_, row) => row)]);
});

test("planted duplicates are all found, and nothing else", async () => {
  const random = createRandom(3);
  const rows = Array.from({ length: 120 }, () => Array.from({ length: 24 }, () => random.normal()));
  for (const [copy, of] of [
    [10, 90],
    [11, 91],
    [12, 10],
  ] as const)
    rows[copy] = rows[of]!.map((one) => one + 0.01 * random.normal());
  const pairs = await pairsOf(rows, 0.95);
  expect(groupPairs(pairs, pairs.left.length)).toEqual([
    [10, 12, 90],
    [11, 91],
  ]);
});
