// The batch-hard triplet loss on a case worked out by hand, and batches that hold what the loss needs.

import { expect, test } from "vitest";
import { hardTripletLoss, tripletBatches } from "../../../src/core/fine-tuning/hard-triplet";
import { createRandom } from "../../../src/core/random";

test("farthest of the own class against the nearest of another, by hand", () => {
  // On a line: class 0 at 0 and 3, class 1 at 4 and 5.
  const values = Float32Array.of(0, 3, 4, 5);
  // 0: 3 − 4; 3: 3 − 1; 4: 1 − 1; 5: 1 − 2; with a margin of 0.5 each.
  expect(hardTripletLoss(values, 1, [0, 0, 1, 1], 0.5)).toBeCloseTo((0 + 2.5 + 0.5 + 0) / 4, 6);
});

test("rows without a partner and batches of one class teach nothing", () => {
  expect(hardTripletLoss(Float32Array.of(0, 1, 2), 1, [0, 0, 0])).toBe(0);
  // The row alone in its class is still somebody's neighbour.
  expect(hardTripletLoss(Float32Array.of(0, 2, 1), 1, [0, 0, 1], 0)).toBeCloseTo(1, 6);
});

test("every batch has two items of each of at least two classes, and an epoch shows as many as there are", () => {
  const labels = Array.from({ length: 50 }, (_, at) => (at === 0 ? 9 : at % 3));
  const batches = tripletBatches(labels, 16, createRandom(3));
  expect(batches).toHaveLength(4);
  for (const batch of batches) {
    const counts = new Map<number, number>();
    for (const at of batch) counts.set(labels[at]!, (counts.get(labels[at]!) ?? 0) + 1);
    expect(counts.size).toBeGreaterThanOrEqual(2);
    for (const count of counts.values()) expect(count).toBeGreaterThanOrEqual(2);
  }
});
