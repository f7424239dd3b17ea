// Histories for stopping rules: an empty one, with what a test is about put in.

import type { StopHistory, StopRound } from "../../src/core/advice/stopping-rule";
import { resolveParameters } from "../../src/core/parameter";
import { stoppingRules } from "../../src/core/registry";

export function makeHistory(change: Partial<StopHistory> = {}): StopHistory {
  return {
    labels: 0,
    plan: { budget: null, target: null },
    rounds: [],
    heads: [],
    accuracy: null,
    answers: [],
    ...change,
  };
}

export function makeRounds(...rounds: Partial<StopRound>[]): StopRound[] {
  return rounds.map((round, at) => ({
    trainCount: 10 * (at + 1),
    uncertainty: null,
    agreement: null,
    ...round,
  }));
}

/** The verdict of a rule with its initial parameters, or the ones given. */
export function judge(id: string, change: Partial<StopHistory>, given: Record<string, number> = {}) {
  const rule = stoppingRules.get(id)!;
  return rule.judge(makeHistory(change), resolveParameters(rule.parameters, given));
}
