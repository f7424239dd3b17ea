// What a round is given: the labels, the pool and the settings of a project as they are now, by row.

import type { ItemId, Row } from "../core/ids";
import { activeClasses } from "../core/project";
import type { LabelledRow, RoundInput } from "../core/round";
import type { Session } from "./session.svelte";

/** @param leaveOut a row that is being asked about, so that the questions are those that come after it. */
export function roundInput(session: Session, number: number, leaveOut?: Row): RoundInput {
  const { project, view, embedding, items, learning } = session;
  const classIds = activeClasses(project).map(({ id }) => id);
  const place = new Map(classIds.map((id, at) => [id, at]));
  const labelled = (labels: ReadonlyMap<ItemId, readonly string[]>): LabelledRow[] =>
    [...labels]
      .flatMap(([itemId, classes]) => {
        const row = items.rowOf(itemId);
        if (row === undefined || row >= embedding.rows) return [];
        return [{ row, classes: classes.map((id) => place.get(id as never)!) }];
      })
      // The same labels make the same round, whatever order they were given in.
      .sort((a, b) => a.row - b.row);
  const reviewed: Row[] = [];
  for (const [itemId, { current }] of session.labels.items) {
    const row = current?.shown?.source === "review" ? items.rowOf(itemId) : undefined;
    if (row !== undefined) reviewed.push(row);
  }
  const waiting = session.waitingRows(embedding.rows);
  const isAsking = leaveOut !== undefined && !session.isSettled(leaveOut);
  return {
    number,
    answerMode: project.answerMode,
    classIds,
    train: labelled(view.train),
    holdOut: labelled(view.holdOut),
    candidates: isAsking ? waiting.filter((row) => row !== leaveOut) : waiting,
    asked: view.settled.size - view.machine.size + reviewed.length + (isAsking ? 1 : 0),
    reviewed: Uint32Array.from(reviewed).sort(),
    arrivedFrom: learning.rounds.find(({ hasHead }) => hasHead)?.poolRows ?? null,
    passed: Uint32Array.from([...view.skipped, ...view.unsure].flatMap((itemId) => items.rowOf(itemId) ?? []))
      .filter((row) => row < embedding.rows)
      .sort(),
    settings: project.settings,
  };
}
