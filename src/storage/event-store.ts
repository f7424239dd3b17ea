// The label event log in storage. Appending is the acknowledgement: it resolves once the disk has the event.

import type { LabelEvent } from "../core/event";
import type { ProjectId } from "../core/ids";
import { commit, projectRange, writeAll, type Database } from "./database";

/** Resolves when the events are durable; until then nothing may be shown as saved. @throws StorageFull */
export async function appendEvents(database: Database, events: readonly LabelEvent[]): Promise<void> {
  // Strict, because the browsers' default lets a power cut take the last seconds back.
  const transaction = database.transaction("events", "readwrite", { durability: "strict" });
  await commit(transaction, () => writeAll(events.map((event) => () => transaction.store.add(event))));
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
