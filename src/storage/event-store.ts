// The label event log in storage. Appending is the acknowledgement: it resolves once the disk has the event.

import type { LabelEvent } from "../core/event";
import type { ProjectId } from "../core/ids";
import { commit, projectRange, writeAll, type Database } from "./database";
import { throwIfDeleted } from "./project-store";

/**
 * Resolves when the events are durable; until then nothing may be shown as saved.
 * @throws ProjectDeleted, with nothing stored, where one of their projects is gone; StorageFull
 */
export async function appendEvents(database: Database, events: readonly LabelEvent[]): Promise<void> {
  // Strict, because the browsers' default lets a power cut take the last seconds back.
  const transaction = database.transaction(["events", "projects"], "readwrite", { durability: "strict" });
  await commit(transaction, async () => {
    const store = transaction.objectStore("events");
    await Promise.all([
      // In the same transaction: a project deleted in another tab goes with all its events, and stays gone.
      ...[...new Set(events.map(({ projectId }) => projectId))].map((id) =>
        throwIfDeleted(transaction.objectStore("projects"), id),
      ),
      writeAll(events.map((event) => () => store.add(event))),
    ]);
  });
}

/** All events of the project in the order of their ids, which is the order of time. */
export async function loadEvents(database: Database, projectId: ProjectId): Promise<LabelEvent[]> {
  return database.getAllFromIndex("events", "byProject", projectRange(projectId));
}

/** Events of the project whose id sorts after `after`, the first `most` of them in that order. */
export async function loadEventsAfter(
  database: Database,
  projectId: ProjectId,
  after: string,
  most?: number,
): Promise<LabelEvent[]> {
  return database.getAllFromIndex(
    "events",
    "byProject",
    IDBKeyRange.bound([projectId, after], [projectId, []], true),
    most,
  );
}
