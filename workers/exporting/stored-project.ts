// A project as it is stored at one moment, with what its log says of each item: what an export is made from.

import type { LabelEvent } from "../../src/core/event";
import type { ProjectId } from "../../src/core/ids";
import {
  applyEvent,
  createLabelState,
  trainingView,
  type LabelState,
  type TrainingView,
} from "../../src/core/labels";
import type { Project } from "../../src/core/project";
import type { Database } from "../../src/storage/database";
import { loadEventsAfter } from "../../src/storage/event-store";
import { countItems } from "../../src/storage/item-store";
import { loadProject, ProjectDeleted } from "../../src/storage/project-store";

/** Read at a time, so that a long log is never held twice. */
const eventsAtOnce = 5000;

export interface StoredProject {
  readonly database: Database;
  readonly project: Project;
  readonly itemCount: number;
  readonly labels: LabelState;
  readonly view: TrainingView;
}

/** @throws ProjectDeleted */
export async function readProject(database: Database, projectId: ProjectId): Promise<StoredProject> {
  const itemCount = await countItems(database, projectId);
  const labels = createLabelState();
  let events: readonly LabelEvent[];
  for (let after = ""; ; after = events.at(-1)!.id) {
    events = await loadEventsAfter(database, projectId, after, eventsAtOnce);
    for (const event of events) applyEvent(labels, event);
    if (events.length < eventsAtOnce) break;
  }
  // After the log, so that every class an answer names is there.
  const project = await loadProject(database, projectId);
  if (!project) throw new ProjectDeleted();
  return { database, project, itemCount, labels, view: trainingView(labels, project) };
}
