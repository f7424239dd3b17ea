// An open project beside other tabs, workers and merged bundles that write at the same time: nothing is taken in
// twice, missed, or undone. This tab follows where it need not write, so that no embedding runs beside the test.

import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { AnswerEvent } from "../../../src/core/event";
import { createIdMaker, firstIdAt, type EventId, type ItemId, type ProjectId } from "../../../src/core/ids";
import { Shell } from "../../../src/state/shell.svelte";
import type { Session } from "../../../src/state/session.svelte";
import { storeMerged } from "../../../src/storage/bundle-store";
import type { Database } from "../../../src/storage/database";
import { appendEvents, loadEvents } from "../../../src/storage/event-store";
import { addItems } from "../../../src/storage/item-store";
import { deleteProject, loadProject } from "../../../src/storage/project-store";
import { openTabChannel } from "../../../src/storage/tab-channel";
import { makeEvent, makeItem, makeProject, openEmptied, projectId, unusedName } from "../stored";

let database: Database;
let shell: Shell;
let project: ProjectId;
let letGo: () => void = () => undefined;

/** Holds the lead, as another tab would. */
function leadElsewhere(): Promise<void> {
  return new Promise((held) => {
    void navigator.locks.request(`askwell-lead-${project}`, () => {
      held();
      return new Promise<void>((resolve) => (letGo = resolve));
    });
  });
}

beforeAll(async () => {
  database = await openEmptied();
  shell = new Shell();
  await shell.open();
});

beforeEach(async () => {
  project = projectId(unusedName());
  await shell.addProject(makeProject("text", project));
});

afterEach(() => {
  shell.closeSession();
  letGo();
});

async function open(): Promise<Session> {
  return (await shell.openSession(project))!;
}

const itemOf = (number: number) => {
  const made = makeItem("text", { project });
  const itemId = number.toString(16).padStart(64, "0") as ItemId;
  return { ...made, item: { ...made.item, itemId } };
};

const nextId = createIdMaker({ now: () => Date.now(), random: () => 0.5 }) as () => EventId;

function eventAt(at: number, id: EventId): AnswerEvent {
  return { ...makeEvent(1, "a", project), id, step: id, at };
}

test("items that are read by two at once are taken in once", async () => {
  await leadElsewhere();
  const session = await open();
  await addItems(
    database,
    project,
    Array.from({ length: 50 }, (_, at) => itemOf(at + 1)),
  );
  await Promise.all([session.follow(), session.follow(), session.followMerge()]);
  expect(session.items.length).toBe(50);
  expect(session.itemCount).toBe(50);
});

test("an answer given while a merged log is read hides nothing of it", async () => {
  const session = await open();
  const old = Array.from({ length: 3 }, (_, at) => eventAt(1000 + at, firstIdAt(1000 + at) as EventId));
  await appendEvents(database, old);
  const own = eventAt(Date.now(), session.nextEventId());
  await Promise.all([session.append([own]), session.followMerge(), session.append([])]);
  await session.follow();
  for (const { id } of [...old, own]) expect(session.labels.seen.has(id)).toBe(true);
});

test("an event of a fast clock neither hides later ones nor has the last word", async () => {
  await leadElsewhere();
  const session = await open();
  const ahead = Date.now() + 3_600_000;
  await appendEvents(database, [eventAt(ahead, firstIdAt(ahead) as EventId)]);
  await session.follow();
  const later = eventAt(Date.now(), nextId());
  await appendEvents(database, [later]);
  await session.follow();
  expect(session.labels.seen.has(later.id)).toBe(true);
  expect(session.nextEventId() > firstIdAt(ahead)).toBe(true);
});

test("two changes at once both stay, and a class that came with a merge stays beside them", async () => {
  const session = await open();
  const bird = {
    id: "bird" as never,
    name: "bird",
    color: "#000000",
    key: "",
    definition: "",
    removed: false,
  };
  await storeMerged(database, project, (stored) => ({ ...stored!, classes: [bird] }), []);
  await Promise.all([
    session.change({ name: "Birds" }),
    session.changeSettings({ batchSize: 7 }),
    session.changeSettings({ refitEvery: 9 }),
  ]);
  const stored = (await loadProject(database, project))!;
  expect(stored).toMatchObject({ name: "Birds", classes: [bird], settings: { batchSize: 7, refitEvery: 9 } });
  expect(session.project).toEqual(stored);
});

test("a project deleted elsewhere is not brought back by a change", async () => {
  const session = await open();
  await deleteProject(database, project);
  await expect(session.change({ name: "Ghost" })).rejects.toThrow(/deleted in another tab/);
  expect(await loadProject(database, project)).toBeNull();
});

test("a project deleted elsewhere takes no answer, and its session ends once that is heard", async () => {
  const session = await open();
  await deleteProject(database, project);
  const late = eventAt(Date.now(), session.nextEventId());
  await expect(session.append([late])).rejects.toThrow(/deleted in another tab/);
  expect(await loadEvents(database, project)).toEqual([]);
  expect(session.labels.seen.has(late.id)).toBe(false);
  const elsewhere = openTabChannel(() => undefined);
  elsewhere.post({ type: "projects" });
  await vi.waitUntil(() => shell.deleted === project, { timeout: 10_000 });
  elsewhere.close();
  expect(shell.session).toBeNull();
});

test("a project left while it opens is closed again, so that it can be led elsewhere", async () => {
  const opening = shell.openSession(project);
  shell.closeSession();
  expect(await opening).toBeNull();
  expect(shell.session).toBeNull();
  await leadElsewhere();
});
