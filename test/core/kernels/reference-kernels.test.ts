// The reference kernels on matrices small enough to check by hand.

import { expect, test } from "vitest";
import { PoolExhausted, Stopped } from "../../../src/core/errors";
import { createReferenceKernels } from "../../../src/core/kernels/reference-kernels";
import { describeAgreement } from "./kernel-agreement";

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

test("a spread sample draws each row as often as its squared distance says", async () => {
  // Distances 1, 2 and 3 from the centre: 1 / 14, 4 / 14 and 9 / 14 of the draws.
  const matrix = await onLine(0, 1, 2, 3);
  const counts = [0, 0, 0, 0];
  for (let seed = 0; seed < 2800; seed++) {
    const [row] = await kernels.spreadSample(matrix, rowsOf(1, 2, 3), rowsOf(0), 1, seed, null);
    counts[row!]! += 1;
  }
  // Standard deviations are 14, 24 and 25.
  [0, 200, 800, 1800].forEach((expected, row) => expect(Math.abs(counts[row]! - expected)).toBeLessThan(80));
});

test("without centres the first of a spread sample is any row, and twins come last, lowest first", async () => {
  const matrix = await onLine(5, 5, 5, 9);
  const firsts = new Set<number>();
  for (let seed = 0; seed < 60; seed++) {
    const drawn = [...(await kernels.spreadSample(matrix, rowsOf(3, 2, 1, 0), rowsOf(), 4, seed, null))];
    firsts.add(drawn[0]!);
    expect(drawn.slice(0, 2)).toContain(3);
    expect(drawn.slice(2)).toEqual(drawn.slice(2).sort());
  }
  expect(firsts.size).toBe(4);
});

test("a gradient sample starts with the longest gradient and never repeats a direction needlessly", async () => {
  // ‖g‖ = ‖p − e‖ · ‖x‖: row 1 is less sure than row 0, row 2 as sure as row 1 and three times as long.
  const matrix = await onLine(1, 1, 3, 3);
  const probabilities = Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.6, 0.4, 0.6, 0.4);
  const drawn = await kernels.gradientSample(matrix, probabilities, 2, rowsOf(0, 1, 2, 3), 4, 3, null);
  expect(drawn[0]).toBe(2);
  // Row 3 is row 2's twin, so it is drawn when nothing else is left.
  expect(drawn[3]).toBe(3);
});

test("the first gradient draw is in proportion to the squared distance of the gradients", async () => {
  // d = (−0.5, 0.5) for all, so g ∝ x and D² from row 3 (place 4) is 1, 4 and 9 for places 3, 2 and 1.
  const matrix = await onLine(1, 2, 3, 4);
  const probabilities = new Float32Array(8).fill(0.5);
  const counts = [0, 0, 0];
  for (let seed = 0; seed < 2800; seed++) {
    const drawn = await kernels.gradientSample(matrix, probabilities, 2, rowsOf(0, 1, 2, 3), 2, seed, null);
    expect(drawn[0]).toBe(3);
    counts[drawn[1]!]! += 1;
  }
  [1800, 800, 200].forEach((expected, row) => expect(Math.abs(counts[row]! - expected)).toBeLessThan(80));
});

test("the highest come first, equal ones by row, what is not a number last", async () => {
  const values = Float32Array.of(1, NaN, 3, -Infinity, 3, 2);
  expect([...(await kernels.topK(values, rowsOf(5, 4, 3, 2, 1, 0), 6))]).toEqual([2, 4, 5, 0, 3, 1]);
  expect([...(await kernels.topK(values, rowsOf(0, 1, 5), 2))]).toEqual([5, 0]);
});

test("neighbours leave the row itself out and fill up with it", async () => {
  const matrix = await onLine(1, 2, 2, -1);
  const found = await kernels.nearest(matrix, rowsOf(1, 3), 4, null);
  expect([...found.rows]).toEqual([2, 0, 3, 1, 0, 1, 2, 3]);
  expect([...found.products]).toEqual([4, 2, -2, -Infinity, -1, -2, -2, -Infinity]);
});

test("k-means moves each centre to the mean of its rows, and an empty one stays", async () => {
  const matrix = await onLine(0, 1, 10, 11, 99);
  const found = await kernels.kMeans(matrix, rowsOf(0, 1, 2, 3), Float32Array.of(1, 9, 50), 10, null);
  expect([...found.centres]).toEqual([0.5, 10.5, 50]);
  expect([...found.clusters]).toEqual([0, 0, 1, 1]);
  expect([...found.squaredDistances]).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test("k-means without iterations only assigns, ties to the lowest cluster", async () => {
  const matrix = await onLine(0, 2, 4);
  const found = await kernels.kMeans(matrix, rowsOf(0, 1, 2), Float32Array.of(0, 4, 4), 0, null);
  expect([...found.clusters]).toEqual([0, 0, 1]);
  expect([...found.centres]).toEqual([0, 4, 4]);
  expect([...found.squaredDistances]).toEqual([0, 4, 0]);
});

test("density is the mean product, and multiply a plain one", async () => {
  const matrix = await kernels.upload(Float32Array.of(1, 2, 3, 4), 2, 2);
  expect([...(await kernels.density(matrix, rowsOf(0, 1)))]).toEqual([8, 18]);
  expect([...(await kernels.density(matrix, rowsOf()))]).toEqual([0, 0]);
  expect([...(await kernels.multiply(matrix, Float32Array.of(1, 0, 2, 0, 1, 1), 3))]).toEqual([
    1, 2, 4, 3, 4, 10,
  ]);
});

test("rows that differ by less than float32 can tell coincide", async () => {
  const matrix = await onLine(1, 1.0005, 1.01);
  const found = await kernels.farthestFirst(matrix, rowsOf(1, 2), rowsOf(0), 2, null);
  expect([...found.rows]).toEqual([2, 1]);
  expect(found.distances[1]).toBe(0);
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

describeAgreement("the reference itself", async () => createReferenceKernels());
