// What the log says of the answering, counted by hand.

import { expect, test } from "vitest";
import type { AnswerEvent, QuestionSource } from "../../../src/core/event";
import type { ClassId } from "../../../src/core/ids";
import { answering } from "../../../src/core/monitoring/answering";
import { answer } from "../make-events";

const asked = (at: number, source: QuestionSource, className: string | null, tookMs = 2000): AnswerEvent => ({
  ...answer(at, at, "a"),
  at,
  tookMs,
  answer: className ? { type: "classes", classIds: [className as ClassId] } : { type: "skip" },
  shown: { round: 1, strategyId: "margin", source, guess: null, confidence: null },
});

test("sources, classes, times and pace, pauses left out", () => {
  const found = answering([
    {
      ...answer(0, 0, "b"),
      origin: "import",
    },
    asked(10_000, "seed", "a", 4000),
    asked(12_000, "strategy", "a", 1000),
    asked(15_000, "strategy", null, 3000),
    asked(900_000, "random", "b", 600_000),
    asked(901_000, "strategy", "b", 2000),
  ]);
  expect(Object.fromEntries(found.byStage)).toEqual({ "cold-start": 1, strategy: 3, meanwhile: 1 });
  expect(Object.fromEntries(found.byClass)).toEqual({ a: 2, b: 3 });
  expect(found).toMatchObject({ skipped: 1, unsure: 0, medianMs: 2500, lateMedianMs: 2500 });
  // Gaps of 2, 3 and 1 seconds; the one before the pause is none.
  expect(found.perMinute).toBeCloseTo(30, 9);
});

test("nothing answered yet", () => {
  expect(answering([])).toMatchObject({ medianMs: null, perMinute: null, skipped: 0 });
});
