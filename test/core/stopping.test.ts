// What a stopping rule promises, asked of every rule there is, and the advice made of them.

import { describe, expect, test } from "vitest";
import { advise } from "../../src/core/advice/advise";
import type { StopHistory } from "../../src/core/advice/stopping-rule";
import { resolveParameters } from "../../src/core/parameter";
import { noPlan } from "../../src/core/plan";
import { stoppingRules } from "../../src/core/registry";
import { makeHistory, makeRounds } from "./make-history";

const accuracy = { value: 0.9, low: 0.85, high: 0.94, count: 100 };
const agreement = { labels: 10, rows: 50, changed: 0, kappa: 1 };
const right = Array.from({ length: 100 }, (_, at) => (at < 90 ? 1 : 0));
const histories: readonly [string, StopHistory][] = [
  ["nothing yet", makeHistory()],
  ["a plan and no answers", makeHistory({ plan: { budget: 100, target: 0.9 } })],
  ["rounds without a model", makeHistory({ labels: 3, rounds: makeRounds({}, {}) })],
  [
    "a long project",
    makeHistory({
      labels: 400,
      plan: { budget: 300, target: 0.8 },
      accuracy,
      rounds: makeRounds(...Array.from({ length: 9 }, () => ({ uncertainty: 0.01, agreement }))),
      heads: [40, 120, 390].map((trainCount) => ({ trainCount, right })),
      answers: Array.from({ length: 300 }, (_, at) => ({ tookMs: 1000 + at })),
    }),
  ],
  ["everybody answered at once", makeHistory({ answers: Array.from({ length: 99 }, () => ({ tookMs: 0 })) })],
];

test("the rules are those of the default plan", () => {
  expect([...stoppingRules.keys()].sort()).toEqual([...noPlan.rules].sort());
});

describe.each([...stoppingRules.values()])("$id", (rule) => {
  const parameters = resolveParameters(rule.parameters, {});

  test.each(histories)("gives a verdict with a reason in one sentence: %s", (_, history) => {
    const before = structuredClone(history);
    const verdict = rule.judge(history, parameters);
    expect(["stop", "go on", "too early", "not asked"]).toContain(verdict.says);
    expect(verdict.reason).toMatch(/^[A-Z].*\.$/);
    expect(verdict.reason).not.toMatch(/NaN|undefined|null/);
    expect(rule.judge(history, parameters)).toEqual(verdict);
    expect(history).toEqual(before);
  });

  test("does not say stop before there is anything", () => {
    expect(rule.judge(makeHistory(), parameters).says).not.toBe("stop");
    expect(rule.judge(makeHistory({ plan: { budget: 10, target: 0.5 } }), parameters).says).not.toBe("stop");
  });

  test("takes its parameters at both ends of their range", () => {
    for (const end of ["min", "max"] as const) {
      const given = Object.fromEntries(rule.parameters.map((one) => [one.id, one[end]]));
      for (const [, history] of histories) expect(rule.judge(history, given).reason).not.toMatch(/NaN/);
    }
  });
});

test("advice holds the plan's rules only, and counts them", () => {
  const history = histories[3]![1];
  const plan = { ...noPlan, budget: 300, rules: ["budget", "plateau", "one of tomorrow"] };
  const advice = advise(history, plan);
  expect(advice.verdicts.map(({ rule, says }) => [rule.id, says])).toEqual([
    ["budget", "stop"],
    ["plateau", "stop"],
  ]);
  expect(advice).toMatchObject({ stop: 2, opinions: 2 });
  expect(advise(history, { ...plan, budget: 500 })).toMatchObject({ stop: 1, opinions: 2 });
});

test("a rule's parameters come from the plan", () => {
  const history = makeHistory({ rounds: makeRounds({ uncertainty: 0.08 }) });
  const plan = { ...noPlan, rules: ["overall-uncertainty"] };
  expect(advise(history, plan).stop).toBe(0);
  expect(
    advise(history, { ...plan, ruleParameters: { "overall-uncertainty": { uncertainty: 10 } } }).stop,
  ).toBe(1);
});
