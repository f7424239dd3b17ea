// Deciding a conflict: one more answer, which settles those it was about. Undone like any other.

import type { Conflict } from "../core/conflicts";
import type { Answer, AnswerEvent } from "../core/event";
import type { Session } from "./session.svelte";

/** @throws StorageFull */
export async function decide(session: Session, { itemId, answers }: Conflict, answer: Answer): Promise<void> {
  const id = session.nextEventId();
  const { latest } = session.learning;
  const event: AnswerEvent = {
    type: "answer",
    id,
    step: id,
    projectId: session.project.id,
    at: Date.now(),
    annotator: session.annotator,
    itemId,
    answer,
    slice: session.labels.slice(itemId) ?? "train",
    origin: "person",
    shown: {
      round: latest?.number ?? 0,
      strategyId: latest?.strategyId ?? "",
      source: "revisit",
      guess: null,
      confidence: null,
    },
    tookMs: 0,
    settles: answers.map((one) => one.id),
  };
  await session.append([event]);
  session.learning.request();
}
