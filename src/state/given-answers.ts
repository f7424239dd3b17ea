// Answers given to many items at once, as one step: by a rule the person chose, or to a group they looked at.

import type { Answer, AnswerEvent, Origin, Slice } from "../core/event";
import type { EventId, Row } from "../core/ids";
import type { Session } from "./session.svelte";

export interface GivenAnswer {
  readonly row: Row;
  readonly answer: Answer;
  readonly slice: Slice;
  /** `model` where the machine chose the class. */
  readonly origin: Origin;
  readonly shown?: AnswerEvent["shown"];
}

/** Stores them as one step, which one undo takes back. @returns the step, null where there were none. */
export async function giveAnswers(
  session: Session,
  answers: readonly GivenAnswer[],
): Promise<EventId | null> {
  const { project, annotator, items } = session;
  const at = Date.now();
  const ids = answers.map(() => session.nextEventId());
  const step = ids[0];
  if (step === undefined) return null;
  await session.appendMany(
    answers.map(({ row, answer, slice, origin, shown = null }, place) => ({
      type: "answer",
      id: ids[place]!,
      step,
      projectId: project.id,
      at,
      annotator,
      itemId: items.idOf(row),
      answer,
      slice,
      origin,
      shown,
      tookMs: 0,
    })),
  );
  await session.labelling.advanceIfIdle();
  session.learning.requestIfStale();
  return step;
}
