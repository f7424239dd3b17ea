// The wasm tier against the reference, in Node: the same module the learner runs. Beside the questions every tier
// is asked, those that only this one could get wrong: distances kept between calls, and rows passed over.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Stopped } from "../../src/core/errors";
import type { Kernels, ResidentMatrix } from "../../src/core/kernels/kernels";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { createWasmKernels } from "../../workers/compute/wasm/wasm-kernels";
import { makePool, type PoolKind } from "../bench/pool";
import { describeAgreement } from "../core/kernels/kernel-agreement";

describeAgreement("wasm", createWasmKernels);

let wasm: Kernels;
const reference = createReferenceKernels();
const none = new Uint32Array(0);
beforeAll(async () => {
  wasm = await createWasmKernels();
});
afterAll(() => wasm.dispose());

const upTo = (count: number) => Uint32Array.from({ length: count }, (_, row) => row);

async function both(values: Float32Array, rows: number, dims: number): Promise<ResidentMatrix[]> {
  return Promise.all([reference, wasm].map((kernels) => kernels.upload(values, rows, dims)));
}

test("k-center stays right while labels come, go and candidates return", async () => {
  const { values } = makePool(600, 20, 3, "clusters");
  const [plain, fast] = (await both(values, 600, 20)) as [ResidentMatrix, ResidentMatrix];
  const turns: [candidates: Uint32Array, labels: number[]][] = [
    [upTo(600), [5]],
    [upTo(600).subarray(10), [5, 3, 9]],
    [upTo(600).subarray(200), [9, 5, 3, 150, 151]],
    // A label undone, and its item asked about again.
    [upTo(600).subarray(150), [5, 3, 9]],
    // Candidates that were not measured the last time.
    [upTo(600).subarray(20), [5, 3, 9, 10]],
    [upTo(600).subarray(20), []],
    [upTo(600).subarray(20), [5, 3, 9, 10, 11]],
  ];
  for (const [candidates, labels] of turns) {
    const centres = Uint32Array.from(labels);
    const expected = await reference.farthestFirst(plain, candidates, centres, 12, null);
    const found = await wasm.farthestFirst(fast, candidates, centres, 12, null);
    expect([...found.rows]).toEqual([...expected.rows]);
    const drawn = await wasm.spreadSample(fast, candidates, centres, 12, 4, null);
    expect([...drawn]).toEqual([...(await reference.spreadSample(plain, candidates, centres, 12, 4, null))]);
  }
});

describe.each<PoolKind>(["clusters", "noise"])(
  "passing rows over changes nothing in a pool of %s",
  (kind) => {
    const pool = makePool(3000, 48, 6, kind);
    const far = 1000;
    /** Rows far from the origin beside their distances: the hardest case for products and for the sketch. */
    const moved = pool.values.map((value, at) => value + (at % 48 === 0 ? far / 100 : 0));

    test.each([
      ["around the origin", pool.values],
      ["far from it", moved],
    ])("%s", async (_, values) => {
      const [plain, fast] = (await both(values, 3000, 48)) as [ResidentMatrix, ResidentMatrix];
      const layer = {
        dims: 48,
        classes: 6,
        weights: pool.values.slice(0, 48 * 6).map((one) => 3 * one),
        bias: new Float32Array(6),
      };
      const { probabilities } = await reference.scores(plain, layer, "softmax");
      const all = upTo(3000);
      const expected = await reference.farthestFirst(plain, all, none, 60, null);
      const found = await wasm.farthestFirst(fast, all, none, 60, null);
      expect([...found.rows]).toEqual([...expected.rows]);
      found.distances.forEach((distance, at) => expect(distance).toBeCloseTo(expected.distances[at]!, 5));
      for (const seed of [1, 2, 3]) {
        expect([...(await wasm.spreadSample(fast, all, none, 60, seed, null))]).toEqual([
          ...(await reference.spreadSample(plain, all, none, 60, seed, null)),
        ]);
        expect([...(await wasm.gradientSample(fast, probabilities, 6, all, 60, seed, null))]).toEqual([
          ...(await reference.gradientSample(plain, probabilities, 6, all, 60, seed, null)),
        ]);
      }
    });
  },
);

test("what is uploaded is a copy, and what is disposed of is gone", async () => {
  const values = Float32Array.of(2);
  const matrix = await wasm.upload(values, 1, 1);
  values[0] = 9;
  expect([...(await wasm.innerProducts(matrix, upTo(1), upTo(1)))]).toEqual([4]);
  matrix.dispose();
  await expect(wasm.innerProducts(matrix, upTo(1), upTo(1))).rejects.toThrow(/disposed/);
});

test("more than the browser gives is said in a sentence", async () => {
  // Never allocated: an array that only says how long it is.
  const huge = { length: 3_000_000 * 384 } as Float32Array;
  await expect(wasm.upload(huge, 3_000_000, 384)).rejects.toThrow(/need 4\.6 GB of memory/);
});

test("wrong shapes are refused", async () => {
  await expect(wasm.upload(Float32Array.of(1), 2, 2)).rejects.toThrow(RangeError);
  const matrix = await wasm.upload(Float32Array.of(1, 2), 1, 2);
  const layer = { dims: 3, classes: 1, weights: new Float32Array(3), bias: new Float32Array(1) };
  await expect(wasm.scores(matrix, layer, "softmax")).rejects.toThrow(RangeError);
  await expect(wasm.multiply(matrix, new Float32Array(3), 1)).rejects.toThrow(RangeError);
});

test("a stop given meanwhile is heard, and calls at once do not disturb each other", async () => {
  const { values } = makePool(3000, 64, 2, "noise");
  const [plain, fast] = (await both(values, 3000, 64)) as [ResidentMatrix, ResidentMatrix];
  let asked = 0;
  const stop = {
    get aborted() {
      return ++asked > 5;
    },
  };
  const long = wasm.nearest(fast, upTo(3000), 5, stop);
  const beside = wasm.farthestFirst(fast, upTo(100), none, 5, { aborted: false });
  await expect(long).rejects.toThrow(Stopped);
  const expected = await reference.farthestFirst(plain, upTo(100), none, 5, null);
  expect([...(await beside).rows]).toEqual([...expected.rows]);
});

test("sure and extreme logits keep their digits", async () => {
  const matrix = await wasm.upload(Float32Array.of(1, 30, 3e38, -3e38, 0), 5, 1);
  const plain = await reference.upload(Float32Array.of(1, 30, 3e38, -3e38, 0), 5, 1);
  const layer = { dims: 1, classes: 3, weights: Float32Array.of(1, -1, 0), bias: Float32Array.of(0, 0, 0.5) };
  const found = await wasm.scores(matrix, layer, "softmax");
  const expected = await reference.scores(plain, layer, "softmax");
  for (const part of ["probabilities", "leastConfidence", "margin", "entropy"] as const)
    found[part].forEach((value, at) => {
      const wanted = expected[part][at]!;
      // Relative, as far as the reference itself goes: it takes these two from 1.
      const lost = part === "margin" || part === "leastConfidence" ? 3e-16 : 1e-30;
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-5 * Math.abs(wanted) + lost);
    });
});

test("what an earlier call left in memory does not show in scores", async () => {
  const { values } = makePool(40, 12, 3, "clusters");
  const [plain, fast] = (await both(values, 40, 12)) as [ResidentMatrix, ResidentMatrix];
  const layerOf = (classes: number, weight: number) => ({
    dims: 12,
    classes,
    weights: new Float32Array(12 * classes).map((_, at) => weight * Math.sin(at)),
    bias: new Float32Array(classes).fill(weight),
  });
  for (const classes of [2, 3, 5, 8, 9, 700]) {
    await wasm.scores(fast, layerOf(12, NaN), "softmax");
    const found = await wasm.scores(fast, layerOf(classes, 1), "softmax");
    const expected = await reference.scores(plain, layerOf(classes, 1), "softmax");
    found.probabilities.forEach((one, at) => expect(one).toBeCloseTo(expected.probabilities[at]!, 5));
    found.margin.forEach((one, at) => expect(one).toBeCloseTo(expected.margin[at]!, 4));
  }
});

test.each([
  ["upper", (k: number, column: number) => k <= column],
  ["lower", (k: number, column: number) => k >= column],
  ["all zero but one number", (k: number, column: number) => k === 5 && column === 9],
])("products with a matrix that is mostly nothing: %s", async (_, isFilled) => {
  const [rows, dims, columns] = [19, 21, 21];
  const { values } = makePool(rows, dims, 3, "noise");
  const [plain, fast] = (await both(values, rows, dims)) as [ResidentMatrix, ResidentMatrix];
  const right = new Float32Array(dims * columns).map((_, at) =>
    isFilled(Math.floor(at / columns), at % columns) ? Math.sin(at) : 0,
  );
  const expected = await reference.multiply(plain, right, columns);
  const found = await wasm.multiply(fast, right, columns);
  found.forEach((one, at) => expect(one).toBeCloseTo(expected[at]!, 5));
});
