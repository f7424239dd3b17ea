// Projects: their record, and removing one with everything that belongs to it.

import type { ProjectId } from "../core/ids";
import type { Project } from "../core/project";
import { explainWriting, projectRange, type Database } from "./database";

export async function listProjects(database: Database): Promise<Project[]> {
  const projects = await database.getAll("projects");
  return projects.sort((a, b) => b.changedAt - a.changedAt);
}

export async function loadProject(database: Database, projectId: ProjectId): Promise<Project | null> {
  return (await database.get("projects", projectId)) ?? null;
}

export async function saveProject(database: Database, project: Project): Promise<void> {
  try {
    await database.put("projects", project);
  } catch (error) {
    throw explainWriting(error);
  }
}

/** Removes the project, its items, labels, embeddings and rounds, all or nothing. Cannot be undone. */
export async function deleteProject(database: Database, projectId: ProjectId): Promise<void> {
  const stores = [
    "items",
    "contents",
    "thumbnails",
    "embeddings",
    "encoders",
    "rounds",
    "roundDetails",
    "imports",
  ] as const;
  const transaction = database.transaction(["projects", "events", ...stores], "readwrite");
  const work: Promise<unknown>[] = [transaction.objectStore("projects").delete(projectId)];
  for (const name of stores) work.push(transaction.objectStore(name).delete(projectRange(projectId)));
  const events = transaction.objectStore("events");
  for (const id of await events.index("byProject").getAllKeys(projectRange(projectId)))
    work.push(events.delete(id));
  await Promise.all([...work, transaction.done]);
}
