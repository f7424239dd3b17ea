// The WebAssembly kernels agree with core's reference and keep its promises at the edges.

import { beforeAll, expect, test } from "vitest";
import { PoolExhausted, Stopped } from "../../../src/core/errors";
import type { Kernels } from "../../../src/core/kernels/kernels";
import { createRandom } from "../../../src/core/random";
import { openKernels } from "../../../workers/compute/open-kernels";
import { expectSameAnswers, questions } from "./same-answers";

let kernels: Kernels;
const rowsOf = (...rows: number[]) => Uint32Array.from(rows);
const onLine = (...places: number[]) => kernels.upload(Float32Array.from(places), places.length, 1);

beforeAll(async () => {
  const opened = await openKernels("wasm");
  expect(opened.report).toMatchObject({ tier: "wasm", adapter: null, state: "ready", notes: [] });
  ({ kernels } = opened);
  expect(kernels.tier).toBe("wasm");
});

test.each(questions)("$name: the same answers as the reference", (question) =>
  expectSameAnswers(kernels, question),
);

test("3,000 x 16: the same answers as the reference", () =>
  expectSameAnswers(kernels, { name: "3,000 x 16", rows: 3000, dims: 16, classes: 10 }));

test("ties go to the lowest row, however the candidates are ordered", async () => {
  const matrix = await onLine(0, 5, -5, 5, -5, 0);
  const found = await kernels.farthestFirst(matrix, rowsOf(4, 3, 2, 1), rowsOf(0), 4, null);
  // 1 to 4 all lie at 5; then the other side's lowest; then the twins, at nothing.
  expect([...found.rows]).toEqual([1, 2, 3, 4]);
  expect([...found.distances]).toEqual([5, 10, 0, 0].map((value, at) => (at === 1 ? 5 : value)));
  const start = await kernels.farthestFirst(matrix, rowsOf(5, 0), rowsOf(), 1, null);
  expect([...start.rows]).toEqual([0]);
});

test("twins of long rows count as twins, not as neighbours", async () => {
  const random = createRandom(5);
  const row = Array.from({ length: 16 }, () => 1000 * random.normal());
  const near = row.map((value) => value * 1.001);
  const matrix = await kernels.upload(Float32Array.from([...row, ...near, ...row, ...row]), 4, 16);
  const { rows, distances } = await kernels.farthestFirst(matrix, rowsOf(3, 2, 1), rowsOf(0), 3, null);
  expect([...rows]).toEqual([1, 2, 3]);
  expect([...distances.subarray(1)]).toEqual([0, 0]);
});

test("more picks than candidates are refused, none at all is no work", async () => {
  const matrix = await onLine(0, 1, 2);
  await expect(kernels.farthestFirst(matrix, rowsOf(1, 2), rowsOf(0), 3, null)).rejects.toThrow(
    PoolExhausted,
  );
  const none = await kernels.farthestFirst(matrix, rowsOf(1, 2), rowsOf(0), 0, null);
  expect([none.rows.length, none.distances.length]).toEqual([0, 0]);
  expect(await kernels.innerProducts(matrix, rowsOf(), rowsOf(0, 1))).toHaveLength(0);
});

test("told to stop, it stops", async () => {
  const matrix = await onLine(0, 1, 2, 3);
  const stop = {
    asked: 0,
    get aborted() {
      return ++this.asked > 2;
    },
  };
  await expect(kernels.farthestFirst(matrix, rowsOf(0, 1, 2, 3), rowsOf(), 4, stop)).rejects.toThrow(Stopped);
  expect(stop.asked).toBe(3);
});

test("what it is given stays as it was", async () => {
  const values = Float32Array.of(3, 1, 2);
  const candidates = rowsOf(2, 0, 1);
  const matrix = await kernels.upload(values, 3, 1);
  await kernels.farthestFirst(matrix, candidates, rowsOf(), 2, null);
  expect([...values]).toEqual([3, 1, 2]);
  expect([...candidates]).toEqual([2, 0, 1]);
});
