// How the answering goes: where the questions came from, which classes were said, and how fast.

import type { AnswerEvent, Stage } from "../event";
import type { ClassId } from "../ids";
import { stageOf } from "./stage-of";

export interface Answering {
  /**
   * Answers of people to questions, by what those were about; null for what somebody came back to. Answers to
   * nothing that was shown are not among them.
   */
  readonly byStage: ReadonlyMap<Stage | null, number>;
  readonly byClass: ReadonlyMap<ClassId, number>;
  readonly skipped: number;
  readonly unsure: number;
  /** Median milliseconds from painted to answered, pauses left out; null without answers. */
  readonly medianMs: number | null;
  /** The same of the newest twenty. */
  readonly lateMedianMs: number | null;
  /** Answers a minute over stretches without a pause; null with fewer than three. */
  readonly perMinute: number | null;
}

/** A longer gap is a pause, not work. */
const pauseMs = 120_000;
const late = 20;

/** @param answers those in force, oldest first. */
export function answering(answers: readonly AnswerEvent[]): Answering {
  const asked = answers.filter(({ origin, shown }) => origin === "person" && shown !== null);
  const byStage = new Map<Stage | null, number>();
  const byClass = new Map<ClassId, number>();
  for (const { shown, slice } of asked) {
    const stage = stageOf({ ...shown!, slice });
    byStage.set(stage, (byStage.get(stage) ?? 0) + 1);
  }
  for (const { answer } of answers)
    if (answer.type === "classes")
      for (const id of answer.classIds) byClass.set(id, (byClass.get(id) ?? 0) + 1);
  const times = asked.map(({ tookMs }) => tookMs).filter((tookMs) => tookMs > 0 && tookMs < pauseMs);
  const gaps = asked
    .slice(1)
    .map(({ at }, place) => at - asked[place]!.at)
    .filter((gapMs) => gapMs < pauseMs);
  const workedMs = gaps.reduce((sum, gapMs) => sum + gapMs, 0);
  return {
    byStage,
    byClass,
    skipped: answers.filter(({ answer }) => answer.type === "skip").length,
    unsure: answers.filter(({ answer }) => answer.type === "unsure").length,
    medianMs: median(times),
    lateMedianMs: median(times.slice(-late)),
    perMinute: gaps.length < 2 || workedMs <= 0 ? null : (60_000 * gaps.length) / workedMs,
  };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
