// Label events with readable ids, for the tests of the folds over them.

import type { Answer, AnswerEvent, RevokeEvent, Slice } from "../../src/core/event";
import type { ClassId, EventId, ItemId, ProjectId } from "../../src/core/ids";

const projectId = "project" as ProjectId;

/** Ids sort by number. */
export const eventId = (number: number) => String(number).padStart(6, "0") as EventId;
export const itemId = (name: string | number) => `item ${name}` as ItemId;
export const classId = (name: string) => name as ClassId;
export const classes = (...names: string[]): Answer => ({ type: "classes", classIds: names.map(classId) });

interface AnswerOptions {
  readonly step?: number;
  readonly slice?: Slice;
  readonly annotator?: string;
}

/** @param answer the name of a class, or an answer. */
export function answer(
  number: number,
  item: string | number,
  answer: string | Answer,
  { step = number, slice = "train", annotator = "Ada" }: AnswerOptions = {},
): AnswerEvent {
  return {
    type: "answer",
    id: eventId(number),
    projectId,
    at: number,
    annotator,
    itemId: itemId(item),
    answer: typeof answer === "string" ? classes(answer) : answer,
    slice,
    origin: "person",
    shown: null,
    tookMs: 1000,
    step: eventId(step),
  };
}

export function revoke(type: "undo" | "redo", number: number, step: number, annotator = "Ada"): RevokeEvent {
  return { type, id: eventId(number), projectId, at: number, annotator, step: eventId(step) };
}
