// What each import did and could not do.

import type { ProjectId } from "../core/ids";
import { projectRange, putOne, type Database } from "./database";
import type { ImportRecord } from "./schema";

/** Problems kept of one import; past this a list helps nobody, and the count is kept anyway. */
export const importProblemLimit = 5000;

export async function saveImport(database: Database, record: ImportRecord): Promise<void> {
  await putOne(database, "imports", record);
}

/** Newest first. */
export async function listImports(database: Database, projectId: ProjectId): Promise<ImportRecord[]> {
  return (await database.getAll("imports", projectRange(projectId))).reverse();
}
