// The label event log in storage: durable, in order, whole or not at all.

import { afterEach, expect, test, vi } from "vitest";
import type { LabelEvent } from "../../../src/core/event";
import { appendEvents, loadEvents, loadEventsAfter } from "../../../src/storage/event-store";
import { deleteProject } from "../../../src/storage/project-store";
import { makeEvent, openWithProjects, projectId } from "../stored";

const project = projectId();
const ids = (events: readonly LabelEvent[]) => events.map(({ id }) => Number(id));

const openAll = () => openWithProjects(["project", "project2", "other"].map(projectId));

afterEach(() => void vi.restoreAllMocks());

test("an event is only said to be saved once the disk has it", async () => {
  const database = await openAll();
  let complete = false;
  const open = IDBDatabase.prototype.transaction;
  const opened = vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (
    this: IDBDatabase,
    ...args
  ) {
    const transaction = open.apply(this, args);
    // Listens before the append does, which ends with the same event.
    transaction.addEventListener("complete", () => (complete = true));
    return transaction;
  });
  const appending = appendEvents(database, [makeEvent(1)]);
  expect(opened).toHaveBeenCalledExactlyOnceWith(["events", "projects"], "readwrite", {
    durability: "strict",
  });
  expect((opened.mock.results[0]!.value as IDBTransaction).durability).toBe("strict");
  await appending;
  expect(complete).toBe(true);
});

test("events come back by id, whatever order they were written in, each project for itself", async () => {
  const database = await openAll();
  await appendEvents(database, [makeEvent(30), makeEvent(10)]);
  await appendEvents(database, [makeEvent(15, "z", projectId("other")), makeEvent(20)]);
  // A project whose id begins like this one's.
  await appendEvents(database, [makeEvent(16, "z", projectId("project2"))]);
  expect(ids(await loadEvents(database, project))).toEqual([10, 20, 30]);
  expect(await loadEvents(database, projectId("other"))).toEqual([makeEvent(15, "z", projectId("other"))]);
  expect(await loadEvents(database, projectId("nobody"))).toEqual([]);
});

test("events after one are those that sort after it, without it", async () => {
  const database = await openAll();
  await appendEvents(
    database,
    [10, 20, 30, 40].map((number) => makeEvent(number)),
  );
  await appendEvents(database, [makeEvent(50, "z", projectId("project2"))]);
  const after = async (number: number) => ids(await loadEventsAfter(database, project, makeEvent(number).id));
  expect(await after(20)).toEqual([30, 40]);
  expect(await after(25)).toEqual([30, 40]);
  expect(await after(40)).toEqual([]);
  expect(ids(await loadEventsAfter(database, project, ""))).toEqual([10, 20, 30, 40]);
});

test("an event is never overwritten, and the others of its batch are not stored either", async () => {
  const database = await openAll();
  await appendEvents(database, [makeEvent(1, "first")]);
  await expect(appendEvents(database, [makeEvent(2), makeEvent(1, "second")])).rejects.toThrow();
  expect(await loadEvents(database, project)).toEqual([makeEvent(1, "first")]);
});

test("an event that cannot be stored takes the others of its batch with it", async () => {
  const database = await openAll();
  const faulty = { ...makeEvent(2), tookMs: (() => 0) as never };
  await expect(appendEvents(database, [makeEvent(1), faulty])).rejects.toThrow();
  expect(await loadEvents(database, project)).toEqual([]);
});

test("a project that is gone takes no event, and those beside it in the batch are not stored either", async () => {
  const database = await openAll();
  await appendEvents(database, [makeEvent(1)]);
  await deleteProject(database, project);
  const other = projectId("other");
  const batch = [makeEvent(2, "a", other), makeEvent(3)];
  await expect(appendEvents(database, batch)).rejects.toThrow(/was deleted in another tab/);
  expect(await loadEvents(database, project)).toEqual([]);
  expect(await loadEvents(database, other)).toEqual([]);
});
