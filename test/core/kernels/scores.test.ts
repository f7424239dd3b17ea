// Probabilities and uncertainties from logits: the documented formulas, their ends, and numbers that overflow.

import { describe, expect, test } from "vitest";
import { scoresFromLogits } from "../../../src/core/kernels/scores";

const ln = Math.log;

describe("softmax", () => {
  test("follows the formulas", () => {
    const { probabilities, leastConfidence, margin, entropy } = scoresFromLogits(
      Float64Array.of(ln(0.5), ln(0.3), ln(0.2)),
      1,
      3,
      "softmax",
    );
    expect([...probabilities]).toEqual([0.5, 0.3, 0.2].map((p) => expect.closeTo(p, 6)));
    expect(leastConfidence[0]).toBeCloseTo((0.5 * 3) / 2, 6);
    expect(margin[0]).toBeCloseTo(0.8, 6);
    expect(entropy[0]).toBeCloseTo(-(0.5 * ln(0.5) + 0.3 * ln(0.3) + 0.2 * ln(0.2)) / ln(3), 6);
  });

  test("is 1 where nothing is known and 0 where all is", () => {
    const scores = scoresFromLogits(Float32Array.of(2, 2, 2, 2, 900, 0, 0, 0), 2, 4, "softmax");
    for (const values of [scores.leastConfidence, scores.margin, scores.entropy])
      expect([...values]).toEqual([1, 0]);
  });

  test("with one class is always sure", () => {
    const scores = scoresFromLogits(Float32Array.of(-5, 80), 2, 1, "softmax");
    expect([...scores.probabilities]).toEqual([1, 1]);
    expect([...scores.leastConfidence, ...scores.margin, ...scores.entropy]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("a tie for the second place is the second place", () => {
    const { margin } = scoresFromLogits(Float64Array.of(ln(0.2), ln(0.4), ln(0.4)), 1, 3, "softmax");
    expect(margin[0]).toBeCloseTo(1, 6);
  });
});

describe("sigmoid", () => {
  test("follows the formulas: the most doubtful class counts, entropy is the mean in bits", () => {
    // 0.25 and 0.9: the first is more doubtful.
    const { probabilities, leastConfidence, margin, entropy } = scoresFromLogits(
      Float64Array.of(ln(0.25 / 0.75), ln(0.9 / 0.1)),
      1,
      2,
      "sigmoid",
    );
    expect([...probabilities]).toEqual([expect.closeTo(0.25, 6), expect.closeTo(0.9, 6)]);
    expect(leastConfidence[0]).toBeCloseTo(0.5, 6);
    expect(margin[0]).toBeCloseTo(0.5, 6);
    const bits = (p: number) => -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
    expect(entropy[0]).toBeCloseTo((bits(0.25) + bits(0.9)) / 2, 6);
  });

  test("is 1 at one half and 0 at the ends", () => {
    const scores = scoresFromLogits(Float32Array.of(0, -900), 2, 1, "sigmoid");
    for (const values of [scores.leastConfidence, scores.margin, scores.entropy])
      expect([...values]).toEqual([1, 0]);
  });
});

test.each(["softmax", "sigmoid"] as const)(
  "%s of extreme logits is finite and within 0 and 1",
  (activation) => {
    const extremes = [3e38, -3e38, Infinity, -Infinity, 0, 1e-40];
    const logits = extremes.flatMap((a) => extremes.flatMap((b) => [a, b, 1]));
    const rows = logits.length / 3;
    for (const array of [Float32Array.from(logits), Float64Array.from(logits)]) {
      for (const values of Object.values(scoresFromLogits(array, rows, 3, activation)))
        for (const value of values as Float32Array) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
    }
  },
);
