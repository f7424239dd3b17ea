// A project deleted in another tab while this one still writes: nothing of it comes back, and whoever wrote is told.

import { expect, test } from "vitest";
import type { Database } from "../../../src/storage/database";
import { saveChunk, saveLearntEncoder } from "../../../src/storage/embedding-store";
import { appendEvents } from "../../../src/storage/event-store";
import { saveImport } from "../../../src/storage/import-store";
import { addItems } from "../../../src/storage/item-store";
import { changeProject, deleteProject, ProjectDeleted } from "../../../src/storage/project-store";
import { saveRound } from "../../../src/storage/round-store";
import {
  makeEvent,
  makeImportRecord,
  makeItem,
  makeRound,
  openFresh,
  openWithProjects,
  projectId,
} from "../stored";

const project = projectId();
const key = { projectId: project, encoderKey: "a" };
const values = () => new ArrayBuffer(4);

const writes: readonly [string, (database: Database) => Promise<unknown>][] = [
  ["items", (database) => addItems(database, project, [makeItem("a", { label: makeEvent(1) })])],
  ["events", (database) => appendEvents(database, [makeEvent(1)])],
  [
    "embeddings",
    (database) => saveChunk(database, { ...key, firstRow: 0, rows: 1, dims: 1, values: values() }),
  ],
  [
    "encoders",
    (database) => saveLearntEncoder(database, { ...key, encoderId: "a", learntFrom: 1, state: {} }),
  ],
  ["rounds", (database) => saveRound(database, { ...key, poolRows: 1, at: 1 }, makeRound(1))],
  ["imports", (database) => saveImport(database, makeImportRecord())],
  ["projects", (database) => changeProject(database, project, (stored) => ({ ...stored, name: "again" }))],
];

async function expectNothingLeft(database: Database): Promise<void> {
  for (const store of database.objectStoreNames)
    expect([store, await database.count(store)]).toEqual([store, 0]);
}

test.each(writes)("nothing is written to %s of a project that is gone", async (_, write) => {
  const database = await openWithProjects([project]);
  await write(database);
  await deleteProject(database, project);
  await expect(write(database)).rejects.toThrow(ProjectDeleted);
  await expectNothingLeft(database);
});

test.each(writes)("a deletion in the midst of writes to %s leaves nothing behind", async (_, write) => {
  const other = await openWithProjects([project]);
  const database = await openFresh(other.name);
  // Asked for in one go, as by two tabs: what comes before the deletion goes with it, what comes after is refused.
  const before = write(database);
  const deleting = deleteProject(other, project);
  const after = write(database);
  await Promise.allSettled([before, deleting, after]);
  await expect(deleting).resolves.toBeUndefined();
  await expect(after).rejects.toThrow(ProjectDeleted);
  await expectNothingLeft(other);
});
