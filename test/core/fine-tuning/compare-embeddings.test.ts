// Comparing two encoders on a hold-out: the counts are those of the items, and the interval of the difference holds
// the truth as often as it says.

import { expect, test } from "vitest";
import { pairedDifference } from "../../../src/core/evaluation/interval";
import {
  compareOnHoldOut,
  verdictOf,
  type EncoderRows,
} from "../../../src/core/fine-tuning/compare-embeddings";
import { createRandom } from "../../../src/core/random";

const random = createRandom(11);
const classOf = (row: number) => row % 2;
const targets = (rows: number) =>
  Uint8Array.from({ length: rows * 2 }, (_, at) => (classOf(at >> 1) === at % 2 ? 1 : 0));

/** One number an item that tells its class, but for the share of items that say the other one. */
function encoder(wrong: (row: number) => boolean): EncoderRows {
  const make = (rows: number, isWrong: (row: number) => boolean) =>
    Float32Array.from({ length: rows }, (_, row) => ((classOf(row) === 0) === isWrong(row) ? 1 : -1));
  return { dims: 1, train: make(20, () => false), holdOut: make(40, wrong) };
}

const rows = {
  trainTargets: targets(20),
  holdOutTargets: targets(40),
  classes: 2,
  activation: "softmax",
} as const;

test("both shares and the difference are counted on the same items", () => {
  const { before, after, difference } = compareOnHoldOut(
    encoder((row) => row < 10),
    encoder((row) => row >= 8 && row < 11),
    rows,
    null,
  );
  expect([before.value, after.value, before.count]).toEqual([30 / 40, 37 / 40, 40]);
  // Eight gained, one lost.
  expect(difference).toMatchObject({ value: 7 / 40, count: 40 });
  expect(difference.low).toBeLessThan(7 / 40);
  expect(difference.low).toBeGreaterThan(0);
});

test("the interval of the difference holds the truth in about 95 of 100 draws", () => {
  let held = 0;
  const draws = 2000;
  for (let draw = 0; draw < draws; draw++) {
    let [gained, lost] = [0, 0];
    for (let item = 0; item < 60; item++) {
      const at = random.next();
      if (at < 0.2) gained += 1;
      else if (at < 0.28) lost += 1;
    }
    const { low, high } = pairedDifference(gained, lost, 60);
    if (low <= 0.12 && high >= 0.12) held += 1;
  }
  expect(held / draws).toBeGreaterThan(0.93);
  expect(held / draws).toBeLessThan(0.98);
});

test("a difference that chance may have made is called unclear", () => {
  expect(verdictOf(pairedDifference(8, 1, 40))).toBe("better");
  expect(verdictOf(pairedDifference(1, 8, 40))).toBe("worse");
  expect(verdictOf(pairedDifference(3, 1, 40))).toBe("unclear");
  expect(verdictOf(pairedDifference(0, 0, 40))).toBe("unclear");
});
