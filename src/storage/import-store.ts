// What each import did and could not do.

import type { ProjectId } from "../core/ids";
import { projectRange, type Database } from "./database";
import { putOwned } from "./project-store";
import type { ImportRecord } from "./schema";

/** Problems kept of one import; past this a list helps nobody, and the count is kept anyway. */
export const importProblemLimit = 5000;

/** @throws ProjectDeleted, StorageFull */
export async function saveImport(database: Database, record: ImportRecord): Promise<void> {
  await putOwned(database, "imports", record);
}

/** Newest first. */
export async function listImports(database: Database, projectId: ProjectId): Promise<ImportRecord[]> {
  return (await database.getAll("imports", projectRange(projectId))).reverse();
}
