// Kappa of the last comparisons against the published threshold.

import { expect, test } from "vitest";
import { judge, makeRounds } from "../make-history";

const agreeing = (...kappas: number[]) =>
  makeRounds(...kappas.map((kappa) => ({ agreement: { labels: 10, rows: 100, changed: 1, kappa } })), {});

test("three that agree on average", () => {
  const verdict = judge("stabilising-predictions", { rounds: agreeing(0.2, 0.985, 0.99, 0.995) });
  expect(verdict.says).toBe("stop");
  // 4 (1 − 0.99) / 0.99
  expect(verdict.reason).toContain("kappa of 0.990: F1 moved by 4.0 points at most");
});

test("one that does not brings the mean down", () => {
  expect(judge("stabilising-predictions", { rounds: agreeing(0.99, 0.9, 0.99) }).says).toBe("go on");
});

test("two are not three", () => {
  expect(judge("stabilising-predictions", { rounds: agreeing(1, 1) }).says).toBe("too early");
  expect(judge("stabilising-predictions", { rounds: agreeing(1, 1) }, { span: 2 }).says).toBe("stop");
});
