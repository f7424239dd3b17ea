// Items that different people answered differently. Follows from the label state alone, so it is the same
// whatever order the answers came in: by this person, another tab, or a merged bundle.

import { meaningOf, type AnswerEvent } from "./event";
import type { EventId, ItemId } from "./ids";
import type { LabelState } from "./labels";

export interface Conflict {
  readonly itemId: ItemId;
  /** The latest open answer of each person, oldest first; at least two, and at least two that differ. */
  readonly answers: readonly AnswerEvent[];
}

/**
 * Every item whose people disagree, in the order of the oldest answer in question. Of "skip" and "unsure", which
 * claim nothing, only the one in force counts: it keeps somebody else's class from being the label. Nothing of a
 * model's counts. An answer that was undone, or that an answer in force settles, is out of the question.
 */
export function conflictsOf(state: LabelState): Conflict[] {
  const found: Conflict[] = [];
  for (const [itemId, { history }] of state.items) {
    if (history.length < 2 || isByOne(history)) continue;
    const answers = openAnswers(state, history);
    const said = new Set(answers.map(({ answer }) => meaningOf(answer)));
    if (said.size > 1) found.push({ itemId, answers });
  }
  return found.sort((a, b) => (a.answers[0]!.id < b.answers[0]!.id ? -1 : 1));
}

function isByOne(history: readonly AnswerEvent[]): boolean {
  const { annotator } = history[0]!;
  return history.every((event) => event.annotator === annotator);
}

function openAnswers(state: LabelState, history: readonly AnswerEvent[]): AnswerEvent[] {
  const active = history.filter(({ step }) => !state.isUndone(step));
  const settled = new Set<EventId>(active.flatMap(({ settles }) => settles ?? []));
  const latest = new Map<string, AnswerEvent>();
  const inForce = active.at(-1);
  for (const event of active) {
    // What the person said before is over, also where they said "unsure" since.
    latest.delete(event.annotator);
    const claims = event.answer.type === "classes" || event === inForce;
    if (claims && !settled.has(event.id) && event.origin !== "model") latest.set(event.annotator, event);
  }
  return [...latest.values()];
}
