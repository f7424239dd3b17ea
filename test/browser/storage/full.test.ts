// A full disk: every write says so in the same sentence, and keeps nothing by halves. Once with the browser's
// error put in by hand at each write, and once with a browser that really has no room.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cdp } from "vitest/browser";
import { StorageFull, type Database } from "../../../src/storage/database";
import { saveChunk, saveLearntEncoder } from "../../../src/storage/embedding-store";
import { appendEvents, loadEvents } from "../../../src/storage/event-store";
import { saveImport } from "../../../src/storage/import-store";
import { addItems, countItems } from "../../../src/storage/item-store";
import { savePreferences } from "../../../src/storage/preference-store";
import { listProjects, saveProject } from "../../../src/storage/project-store";
import { saveRound } from "../../../src/storage/round-store";
import {
  makeEvent,
  makeImportRecord,
  makeItem,
  makeProject,
  makeRound,
  openFresh,
  projectId,
} from "../stored";

/** What is stored of a round beside the round itself. */
const about = (projectId: typeof project) => ({ projectId, encoderKey: "a", poolRows: 1, at: 1 });

const project = projectId();
const megabyte = 1024 * 1024;
const key = { projectId: project, encoderKey: "a" };
const chunk = { ...key, firstRow: 0, rows: 1, dims: 1, values: new ArrayBuffer(4) };
const learnt = { ...key, encoderId: "a", learntFrom: 1, state: {} };

const writes: readonly [string, (database: Database) => Promise<unknown>][] = [
  ["projects", (database) => saveProject(database, makeProject())],
  ["items", (database) => addItems(database, project, [makeItem("a")])],
  ["events", (database) => appendEvents(database, [makeEvent(1)])],
  ["embeddings", (database) => saveChunk(database, chunk)],
  ["encoders", (database) => saveLearntEncoder(database, learnt)],
  ["rounds", (database) => saveRound(database, about(project), makeRound(1))],
  ["imports", (database) => saveImport(database, makeImportRecord())],
  ["settings", (database) => savePreferences(database, { theme: "dark", annotator: "me", tier: "auto" })],
];

let database: Database;
beforeEach(async () => {
  database = await openFresh();
  await saveProject(database, makeProject());
});
afterEach(() => void vi.restoreAllMocks());

test.each(writes)("a full disk while writing to %s is said in a sentence", async (store, write) => {
  const full = function (this: IDBObjectStore): never {
    expect(this.name).toBe(store);
    throw new DOMException("The disk is full.", "QuotaExceededError");
  };
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(full);
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(full);
  const writing = write(database);
  await expect(writing).rejects.toThrow(StorageFull);
  await expect(writing).rejects.toThrow(/storage is full.*stored so far is safe.*Free some disk space/);
});

test("an error that has nothing to do with room comes through as it is", async () => {
  await appendEvents(database, [makeEvent(1)]);
  await expect(appendEvents(database, [makeEvent(1)])).rejects.toMatchObject({ name: "ConstraintError" });
});

test("items cut short in the middle of a batch are not there", async () => {
  const add = IDBObjectStore.prototype.add;
  let left = 3;
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore, ...args) {
    if (left-- === 0) throw new DOMException("The disk is full.", "QuotaExceededError");
    return add.apply(this, args);
  });
  const batch = ["a", "b", "c", "d", "e"].map((name, at) => makeItem(name, { label: makeEvent(at + 1) }));
  await expect(addItems(database, project, batch)).rejects.toThrow(StorageFull);
  vi.restoreAllMocks();
  expect(await countItems(database, project)).toBe(0);
  expect(await loadEvents(database, project)).toEqual([]);
});

test("a transaction that the browser ends for want of room does not pass for one the person stopped", async () => {
  // The browser then fails each write under way with AbortError, and only the transaction knows the reason.
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(function (this: IDBObjectStore) {
    const request = this.get("nothing");
    this.transaction.abort();
    Object.defineProperty(this.transaction, "error", {
      value: new DOMException("The disk is full.", "QuotaExceededError"),
    });
    return request as IDBRequest<IDBValidKey>;
  });
  await expect(appendEvents(database, [makeEvent(1)])).rejects.toThrow(StorageFull);
  await expect(saveRound(database, about(project), makeRound(1))).rejects.toThrow(StorageFull);
});

test("with a browser that really has no room, what was stored stays, and more goes in once there is", async () => {
  const session = cdp() as unknown as { send(method: string, options: object): Promise<unknown> };
  const { origin } = location;
  const setQuota = (quota: { quotaSize?: number }) =>
    session.send("Storage.overrideQuotaForOrigin", { origin, ...quota });
  // The browser remembers for a while how much room it saw; this makes it look again.
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
  await setQuota({ quotaSize: 4 * megabyte });
  try {
    const real = await openFresh();
    await saveProject(real, makeProject());
    await addItems(real, project, [makeItem("before")]);
    const large = { ...makeItem("large"), bytes: new ArrayBuffer(8 * megabyte) };
    const adding = addItems(real, project, [makeItem("small", { label: makeEvent(1) }), large]);
    await expect(adding).rejects.toThrow(StorageFull);
    await expect(saveChunk(real, { ...chunk, values: large.bytes })).rejects.toThrow(StorageFull);
    expect(await countItems(real, project)).toBe(1);
    expect(await loadEvents(real, project)).toEqual([]);
    expect(await listProjects(real)).toHaveLength(1);
    await setQuota({});
    expect(await addItems(real, project, [large])).toMatchObject({ added: 1 });
  } finally {
    await setQuota({});
  }
});
