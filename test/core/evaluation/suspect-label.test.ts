// Confident learning on a table small enough to check by hand.

import { expect, it } from "vitest";
import { ClassConfidence, isSuspect } from "../../../src/core/evaluation/suspect-label";

it("suspects a label where another class is as likely as it usually is on its own items", () => {
  const confidence = new ClassConfidence(3);
  for (const [label, probability] of [
    [0, 0.9],
    [0, 0.5],
    [1, 0.6],
    [1, 0.2],
  ] as const)
    confidence.add(label, probability);
  const thresholds = confidence.thresholds();
  expect([...thresholds]).toEqual([0.7, 0.4, NaN]);
  expect(isSuspect([0.8, 0.1, 0.1], 0, thresholds)).toBe(false);
  expect(isSuspect([0.8, 0.1, 0.1], 1, thresholds)).toBe(true);
  expect(isSuspect([0.3, 0.45, 0.25], 0, thresholds)).toBe(true);
  // Sure of nothing, so nothing speaks against the label.
  expect(isSuspect([0.35, 0.3, 0.35], 1, thresholds)).toBe(false);
  // Nobody has the third class yet.
  expect(isSuspect([0.05, 0.05, 0.9], 0, thresholds)).toBe(false);
});
