// Estimates without a hold-out, in worlds where the truth is known and their assumption holds or fails.

import { describe, expect, test } from "vitest";
import {
  lure,
  outOfFold,
  predictionPowered,
  thresholdedConfidence,
} from "../../../src/core/evaluation/without-hold-out";
import { createRandom } from "../../../src/core/random";

test("out of fold is the share, with Wilson's interval, and nothing of nothing", () => {
  expect(outOfFold([1, 1, 0, 1])!.estimate).toMatchObject({ value: 0.75, count: 4 });
  expect(outOfFold([])).toBeNull();
});

describe("LURE", () => {
  test("by hand: two of three items, the second drawn with a chance of one in four", () => {
    // v1 = 1 + 1/2 · (1/(3·½) − 1) = 5/6; v2 = 1 + 1/1 · (1/(2·¼) − 1) = 2. (5/6 + 2) / 2 = 17/12 of loss.
    const found = lure(
      [
        { loss: 1, chance: 0.5 },
        { loss: 0, chance: 0.25 },
      ],
      3,
    )!;
    expect(found.estimate.value).toBeCloseTo(1 - 5 / 12, 12);
    const both = lure(
      [0.5, 0.25].map((chance) => ({ loss: 0.5, chance })),
      3,
    )!;
    expect(both.estimate.value).toBeCloseTo(1 - 17 / 24, 12);
  });

  test("is unbiased though half of the questions go after the errors, and plain counting is not", () => {
    const items = 60;
    const losses = Array.from({ length: items }, (_, at) => (at < 18 ? 1 : 0));
    let [weighted, plain] = [0, 0];
    const runs = 4000;
    for (let run = 0; run < runs; run++) {
      const random = createRandom(run);
      const left = losses.map((loss) => ({ loss, pull: loss ? 3 : 1 }));
      const drawn: { loss: number; chance: number }[] = [];
      for (let turn = 0; turn < 25; turn++) {
        const total = left.reduce((sum, { pull }) => sum + pull, 0);
        let at = random.next() * total;
        const pick = left.findIndex(({ pull }) => (at -= pull) < 0);
        const [one] = left.splice(pick < 0 ? left.length - 1 : pick, 1);
        drawn.push({ loss: one!.loss, chance: one!.pull / total });
      }
      weighted += lure(drawn, items)!.estimate.value / runs;
      plain += drawn.filter(({ loss }) => loss === 0).length / drawn.length / runs;
    }
    expect(Math.abs(weighted - 0.7)).toBeLessThan(0.01);
    expect(plain).toBeLessThan(0.6);
  });

  test("once all items are answered it is their share, whatever the chances were", () => {
    const all = [1, 0, 0, 1].map((loss) => ({ loss, chance: 0.9 }));
    expect(lure(all, 4)!.estimate.value).toBeCloseTo(0.5, 12);
    expect(lure(all.slice(0, 1), 4)).toBeNull();
  });
});

describe("by confidence, over 300 projects", () => {
  const world = (seed: number, over: number) => {
    const random = createRandom(seed);
    const make = (count: number) => {
      const real = Array.from({ length: count }, () =>
        random.next() < 0.5 ? 0.97 : 0.6 + 0.3 * random.next(),
      );
      return {
        right: real.map((share): number => (random.next() < share ? 1 : 0)),
        confidence: real.map((share) => Math.min(1, share + over)),
      };
    };
    return { slice: make(80), pool: make(1500) };
  };

  test("prediction-powered holds the pool's accuracy in about 95%, believed or not, and is narrower", () => {
    for (const over of [0, 0.1]) {
      let held = 0;
      let narrower = 0;
      for (let run = 0; run < 300; run++) {
        const { slice, pool } = world(run, over);
        const { low, high } = predictionPowered(slice.right, slice.confidence, pool.confidence)!.estimate;
        const { low: plainLow, high: plainHigh } = predictionPowered(
          slice.right,
          slice.right.map(() => 0.5),
          pool.confidence,
        )!.estimate;
        const truth = 0.5 * 0.97 + 0.5 * 0.75;
        if (low <= truth && truth <= high) held++;
        if (high - low < plainHigh - plainLow) narrower++;
      }
      expect(held / 300).toBeGreaterThan(0.91);
      expect(narrower / 300).toBeGreaterThan(0.8);
    }
  });

  test("thresholded confidence comes near the truth on average", () => {
    let sum = 0;
    for (let run = 0; run < 60; run++) {
      const { slice, pool } = world(run, 0.05);
      sum += thresholdedConfidence(slice.right, slice.confidence, pool.confidence, createRandom(run))!
        .estimate.value;
    }
    expect(Math.abs(sum / 60 - 0.86)).toBeLessThan(0.03);
  });

  test("ten answers are the least, and all right or all wrong ends at the ends", () => {
    const random = createRandom(1);
    expect(predictionPowered([1], [1], [1, 1])).toBeNull();
    expect(thresholdedConfidence([1], [1], [1], random)).toBeNull();
    const ten = Array.from({ length: 10 }, (_, at) => 0.5 + at / 20);
    const all = (right: number) => ten.map(() => right);
    expect(thresholdedConfidence(all(1), ten, ten, random)!.estimate.value).toBe(1);
    expect(thresholdedConfidence(all(0), ten, ten, random)!.estimate.value).toBe(0);
  });
});
