// The contract of a stopping rule: what it sees of a project, and its verdict. One file each in ../stopping.

import type { Parameter } from "../parameter";
import type { Plan } from "../plan";
import type { Agreement, Estimate } from "../round";

export interface StopRound {
  readonly trainCount: number;
  /** Mean normalised entropy over the pool, 0 to 1; null before there is a head. */
  readonly uncertainty: number | null;
  /** How far the model still says what an earlier one said; null where they were not compared. */
  readonly agreement: Agreement | null;
}

/** One head on the hold-out of today: 1 where it is right, in the same order for every head. */
export interface MeasuredHead {
  readonly trainCount: number;
  readonly right: ArrayLike<number>;
}

export interface GivenAnswer {
  /** From painted to answered. */
  readonly tookMs: number;
}

export interface StopHistory {
  /** Labels there are now: those trained on and those of the hold-out. */
  readonly labels: number;
  readonly plan: Pick<Plan, "budget" | "target">;
  /** Oldest first. */
  readonly rounds: readonly StopRound[];
  /** Oldest first; empty before there is a hold-out. */
  readonly heads: readonly MeasuredHead[];
  /** The newest measure of accuracy on the hold-out; null before there is one. */
  readonly accuracy: Estimate | null;
  /** Of this annotator, oldest first; pauses are among them. */
  readonly answers: readonly GivenAnswer[];
}

export interface Verdict {
  /** `not asked`: the plan says nothing of it. */
  readonly says: "stop" | "go on" | "too early" | "not asked";
  /** One sentence in the person's words, with the figures it rests on. */
  readonly reason: string;
}

export interface StoppingRule {
  /** The file name. */
  readonly id: string;
  readonly label: string;
  /** One sentence: when it says stop. */
  readonly summary: string;
  readonly paper?: string;
  readonly parameters: readonly Parameter[];
  /** Pure; an empty history is a history. */
  judge(history: StopHistory, parameters: Readonly<Record<string, number>>): Verdict;
}
