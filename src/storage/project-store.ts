// Projects: their record, and removing one with everything that belongs to it.

import type { ProjectId } from "../core/ids";
import type { Project } from "../core/project";
import { commit, projectRange, putOne, type Database } from "./database";
import type { AskwellSchema } from "./schema";

/** The project is gone, so nothing can be added to it. The message is the sentence for the person. */
export class ProjectDeleted extends Error {
  override readonly name = "ProjectDeleted";
  constructor() {
    super("This project was deleted in another tab, so nothing can be changed in it any more.");
  }
}

/** @throws ProjectDeleted where the store does not hold the project. */
export async function throwIfDeleted(
  projects: { getKey(id: ProjectId): Promise<ProjectId | undefined> },
  projectId: ProjectId,
): Promise<void> {
  if ((await projects.getKey(projectId)) === undefined) throw new ProjectDeleted();
}

/**
 * Writes one record of a project. A project deleted in another tab stays gone: the look and the write are one
 * transaction. @throws ProjectDeleted, StorageFull
 */
export async function putOwned<Name extends "embeddings" | "encoders" | "imports">(
  database: Database,
  store: Name,
  value: AskwellSchema[Name]["value"],
): Promise<void> {
  const transaction = database.transaction([store, "projects"], "readwrite");
  await commit(transaction, async () => {
    await throwIfDeleted(transaction.objectStore("projects"), value.projectId);
    await transaction.objectStore(store).put(value);
  });
}

export async function listProjects(database: Database): Promise<Project[]> {
  const projects = await database.getAll("projects");
  return projects.sort((a, b) => b.changedAt - a.changedAt);
}

export async function loadProject(database: Database, projectId: ProjectId): Promise<Project | null> {
  return (await database.get("projects", projectId)) ?? null;
}

export async function saveProject(database: Database, project: Project): Promise<void> {
  await putOne(database, "projects", project);
}

/**
 * Stores what `change` makes of the project as it is stored, and returns it.
 * @throws ProjectDeleted, StorageFull
 */
export async function changeProject(
  database: Database,
  projectId: ProjectId,
  change: (stored: Project) => Project,
): Promise<Project> {
  const transaction = database.transaction("projects", "readwrite");
  return commit(transaction, async () => {
    const stored = await transaction.store.get(projectId);
    if (!stored) throw new ProjectDeleted();
    const changed = change(stored);
    await transaction.store.put(changed);
    return changed;
  });
}

/** Removes the project, its items, labels, embeddings and rounds, all or nothing. Cannot be undone. */
export async function deleteProject(database: Database, projectId: ProjectId): Promise<void> {
  const stores = [
    "items",
    "itemHashes",
    "contents",
    "thumbnails",
    "embeddings",
    "encoders",
    "graphs",
    "rounds",
    "roundDetails",
    "imports",
  ] as const;
  const transaction = database.transaction(["projects", "events", ...stores], "readwrite");
  await commit(transaction, async () => {
    const events = transaction.objectStore("events");
    const ids = await events.index("byProject").getAllKeys(projectRange(projectId));
    await Promise.all([
      transaction.objectStore("projects").delete(projectId),
      ...stores.map((name) => transaction.objectStore(name).delete(projectRange(projectId))),
      ...ids.map((id) => events.delete(id)),
    ]);
  });
}
