// A target is reached when even the low end of the interval is.

import { expect, test } from "vitest";
import { judge } from "../make-history";

const plan = { budget: null, target: 0.9 };
const accuracy = (value: number, low: number, high: number) => ({ value, low, high, count: 100 });

test.each([
  [accuracy(0.95, 0.91, 0.98), "stop", /above your target of 90% throughout/],
  [accuracy(0.93, 0.87, 0.96), "go on", /93% are right, between 87% and 96%.*not yet for certain/],
  [accuracy(0.8, 0.7, 0.88), "go on", /short of your 90%/],
  [null, "too early", /Nothing has been measured/],
] as const)("%o", (measured, says, reason) => {
  const verdict = judge("target-reached", { plan, accuracy: measured });
  expect(verdict.says).toBe(says);
  expect(verdict.reason).toMatch(reason);
});

test("no target, no opinion", () => {
  expect(judge("target-reached", { accuracy: accuracy(1, 1, 1) }).says).toBe("not asked");
});
