// The near search against the exact one, on clusters like those of embeddings and where it must be exact.

import { expect, test } from "vitest";
import { clusteredNearest } from "../../../src/core/graph/clustered-nearest";
import { Stopped } from "../../../src/core/errors";
import { kernels } from "../make-pool";
import { clusters } from "../make-training";

const k = 15;

async function search(rows: number, dims: number) {
  const { features } = clusters(rows, dims, 6, 12);
  const matrix = await kernels.upload(features, rows, dims);
  const near = await clusteredNearest(matrix, features, k, { kernels, stop: null });
  const exact = await kernels.nearest(
    matrix,
    Uint32Array.from({ length: rows }, (_, row) => row),
    k,
    null,
  );
  return { near, exact, matrix, features };
}

test("a pool of few clusters is searched whole", async () => {
  // √100 = 10 clusters, all of them probed.
  const { near, exact } = await search(100, 8);
  expect([...near.rows]).toEqual([...exact.rows]);
  near.products.forEach((product, at) => expect(product).toBeCloseTo(exact.products[at]!, 5));
});

test("finds most neighbours of a larger one, best first, and never the row itself", async () => {
  const { near, exact, matrix, features } = await search(1600, 12);
  let shared = 0;
  for (let row = 0; row < 1600; row++) {
    const ofRow = near.rows.subarray(row * k, (row + 1) * k);
    expect(ofRow).not.toContain(row);
    const truth = new Set(exact.rows.subarray(row * k, (row + 1) * k));
    shared += ofRow.filter((other) => truth.has(other)).length;
    const products = [...near.products.subarray(row * k, (row + 1) * k)];
    expect(products).toEqual([...products].sort((a, b) => b - a));
  }
  expect(shared / (1600 * k)).toBeGreaterThan(0.85);
  const stop = { aborted: true };
  await expect(clusteredNearest(matrix, features, k, { kernels, stop })).rejects.toThrow(Stopped);
});

test("fewer rows than neighbours are filled up with the row itself", async () => {
  const { near, exact } = await search(9, 4);
  expect([...near.rows]).toEqual([...exact.rows]);
  expect([...near.products.subarray(8, k)]).toEqual(new Array(7).fill(-Infinity));
});
