// The reference kernels on matrices small enough to check by hand.

import { expect, test } from "vitest";
import { PoolExhausted, Stopped } from "../../src/core/errors";
import { createReferenceKernels } from "../../src/core/reference-kernels";

const kernels = createReferenceKernels();
const rowsOf = (...rows: number[]) => Uint32Array.from(rows);

/** Points on a line. */
const onLine = (...places: number[]) => kernels.upload(Float32Array.from(places), places.length, 1);

test("logits are X W + b", async () => {
  const matrix = await kernels.upload(Float32Array.of(1, 2, 3, 4), 2, 2);
  // dims × classes: the first class reads the first dimension, the second class the second one.
  const layer = {
    dims: 2,
    classes: 2,
    weights: Float32Array.of(1, 0, 0, 1),
    bias: Float32Array.of(0.5, -0.5),
  };
  const { probabilities } = await kernels.scores(matrix, layer, "sigmoid");
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  [1.5, 1.5, 3.5, 3.5].forEach((z, at) => expect(probabilities[at]).toBeCloseTo(sigmoid(z), 6));
});

test("inner products are left by right, row-major", async () => {
  const matrix = await kernels.upload(Float32Array.of(1, 2, 3, 4, 5, 6), 3, 2);
  expect([...(await kernels.innerProducts(matrix, rowsOf(2, 0), rowsOf(0, 1, 2)))]).toEqual([
    17, 39, 61, 5, 11, 17,
  ]);
});

test("farthest first goes on from the centres", async () => {
  const matrix = await onLine(0, 1, 5, 10, 4);
  const found = await kernels.farthestFirst(matrix, rowsOf(1, 2, 3, 4), rowsOf(0), 3, null);
  // 10 is 10 away; then 5 is 5 away from both ends; then 4 and 1 are both 1 away.
  expect([...found.rows]).toEqual([3, 2, 1]);
  expect([...found.distances]).toEqual([10, 5, 1]);
});

test("farthest first without centres starts nearest to the mean", async () => {
  // Mean of the candidates 4.25, nearest is 5; then 0 is 5 away.
  const matrix = await onLine(0, 2, 5, 10, 1000);
  const found = await kernels.farthestFirst(matrix, rowsOf(0, 1, 2, 3), rowsOf(), 2, null);
  expect([...found.rows]).toEqual([2, 0]);
  expect([...found.distances]).toEqual([0.75, 5]);
});

test("ties go to the lowest row, whatever the order of the candidates", async () => {
  const matrix = await onLine(3, 3, 3, 3);
  const found = await kernels.farthestFirst(matrix, rowsOf(3, 1, 2), rowsOf(0), 3, null);
  expect([...found.rows]).toEqual([1, 2, 3]);
  expect([...found.distances]).toEqual([0, 0, 0]);
});

test("what cannot be done is said by name", async () => {
  const matrix = await onLine(1, 2);
  await expect(kernels.farthestFirst(matrix, rowsOf(0), rowsOf(), 2, null)).rejects.toThrow(PoolExhausted);
  await expect(kernels.farthestFirst(matrix, rowsOf(0), rowsOf(), 1, { aborted: true })).rejects.toThrow(
    Stopped,
  );
  await expect(kernels.upload(Float32Array.of(1), 2, 2)).rejects.toThrow(RangeError);
  const wide = { dims: 2, classes: 1, weights: new Float32Array(2), bias: new Float32Array(1) };
  await expect(kernels.scores(matrix, wide, "softmax")).rejects.toThrow(RangeError);
  matrix.dispose();
  await expect(kernels.innerProducts(matrix, rowsOf(0), rowsOf(0))).rejects.toThrow(/disposed/);
});

test("uploaded values are a copy", async () => {
  const values = Float32Array.of(2);
  const matrix = await kernels.upload(values, 1, 1);
  values[0] = 9;
  expect([...(await kernels.innerProducts(matrix, rowsOf(0), rowsOf(0)))]).toEqual([4]);
});
