// Learning curves whose law is known: fitted, read the other way round, forecast, and compared with random asking.

import { describe, expect, test } from "vitest";
import { forecast } from "../../../src/core/evaluation/forecast";
import { fitPowerLaw, labelsFor, shareAt } from "../../../src/core/evaluation/power-law";
import { baselineCurve, labelsSaved, planBaseline } from "../../../src/core/evaluation/random-baseline";
import { createRandom } from "../../../src/core/random";

const law = { limit: 0.95, drop: 1.2, rate: 0.6 };

describe("the power law", () => {
  test("is found again from its own points, and inverts", () => {
    const points = [10, 20, 40, 80, 160].map((labels) => ({
      labels,
      share: shareAt(law, labels),
      weight: 1,
    }));
    const found = fitPowerLaw(points)!;
    for (const labels of [15, 100, 320])
      expect(Math.abs(shareAt(found, labels) - shareAt(law, labels))).toBeLessThan(0.006);
    expect(labelsFor(law, shareAt(law, 137))).toBeCloseTo(137, 6);
  });

  test("never promises more than everything, nor falls", () => {
    const steep = [10, 20, 30].map((labels) => ({ labels, share: labels / 31, weight: 1 }));
    expect(fitPowerLaw(steep)!.limit).toBeLessThanOrEqual(1);
    const falling = [10, 20, 30].map((labels) => ({ labels, share: 1 - labels / 100, weight: 1 }));
    const flat = fitPowerLaw(falling)!;
    expect(shareAt(flat, 1000)).toBeCloseTo(shareAt(flat, 10), 12);
    expect(labelsFor(flat, 0.99)).toBe(Infinity);
  });

  test("wants three different numbers of labels", () => {
    expect(fitPowerLaw([])).toBeNull();
    expect(fitPowerLaw([10, 10, 20].map((labels) => ({ labels, share: 0.5, weight: 1 })))).toBeNull();
  });
});

/** An item is right from a number of labels on, so that shares follow the law. */
function headsOf(sizes: readonly number[], items: number, seed: number) {
  const random = createRandom(seed);
  const luck = Array.from({ length: items }, () => random.next());
  return sizes.map((trainCount) => ({
    trainCount,
    right: luck.map((one): number => (one < shareAt(law, trainCount) ? 1 : 0)),
  }));
}

test("the forecast holds the true gain of 50 more labels nearly always, and is seeded", () => {
  let held = 0;
  for (let run = 0; run < 60; run++) {
    const { gain } = forecast(headsOf([20, 30, 40, 50, 60, 70, 80], 150, run), 50, createRandom(run))!;
    const truth = shareAt(law, 130) - shareAt(law, 80);
    if (gain.low <= truth && truth <= gain.high) held++;
  }
  expect(held / 60).toBeGreaterThan(0.85);
  const heads = headsOf([20, 40, 80], 60, 1);
  expect(forecast(heads, 50, createRandom(3))).toEqual(forecast(heads, 50, createRandom(3)));
});

test("no forecast from two heads, or of ten items less one", () => {
  expect(forecast([], 50, createRandom(1))).toBeNull();
  expect(forecast(headsOf([20, 40], 60, 1), 50, createRandom(1))).toBeNull();
  expect(forecast(headsOf([20, 40, 80], 9, 1), 50, createRandom(1))).toBeNull();
});

describe("the random baseline", () => {
  const slice = Array.from({ length: 100 }, (_, row) => ({ row, classes: [0] }));

  test("learns from parts of the slice that double, and measures on the rest of it", () => {
    const plan = planBaseline(slice, createRandom(1));
    expect([...new Set(plan.map(({ train }) => train.length))]).toEqual([5, 10, 20, 40, 80]);
    expect(plan).toHaveLength(20);
    for (const { train, test } of plan) expect(new Set([...train, ...test]).size).toBe(100);
    expect(planBaseline(slice.slice(0, 11), createRandom(1))).toEqual([]);
  });

  /** Results as random asking with that law would have had them. */
  const results = (seed: number) => {
    const random = createRandom(seed);
    return planBaseline(slice, random).map((fit) => ({
      ...fit,
      right: fit.test.map((): number => (random.next() < shareAt(law, fit.train.length) ? 1 : 0)),
    }));
  };

  test("its curve follows the law", () => {
    for (const { labels, accuracy } of baselineCurve(results(4), 100, createRandom(1))) {
      expect(accuracy.low - 0.05).toBeLessThan(shareAt(law, labels));
      expect(accuracy.high + 0.05).toBeGreaterThan(shareAt(law, labels));
    }
  });

  test("a head with 40 labels as good as random with 120 has saved about 80", () => {
    let [held, sum] = [0, 0];
    const runs = 40;
    for (let run = 0; run < runs; run++) {
      const random = createRandom(500 + run);
      const right = slice.map((): number => (random.next() < shareAt(law, 120) ? 1 : 0));
      const saved = labelsSaved(results(run), right, 40, random)!;
      expect(saved.low).toBeLessThanOrEqual(saved.value);
      expect(saved.high).toBeGreaterThanOrEqual(saved.value);
      if (saved.low <= 80 && 80 <= saved.high) held++;
      sum += Math.min(saved.value, 400) / runs;
    }
    expect(held / runs).toBeGreaterThan(0.85);
    expect(sum).toBeGreaterThan(30);
  });

  test("a head no better than random with fewer labels has saved none", () => {
    const random = createRandom(2);
    const right = slice.map((): number => (random.next() < shareAt(law, 10) ? 1 : 0));
    expect(labelsSaved(results(1), right, 80, random)!.value).toBeLessThan(0);
    expect(labelsSaved([], right, 80, random)).toBeNull();
  });
});
