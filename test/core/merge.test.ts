// Merging two logs: their union, whatever was merged before, with classes and ids as they are here.

import { expect, it } from "vitest";
import type { LabelEvent } from "../../src/core/event";
import type { ClassId, EventId, ItemId, ProjectId } from "../../src/core/ids";
import { foldEvents } from "../../src/core/labels";
import { matchClasses, mergeEvents, type MergeInto } from "../../src/core/merge";
import type { LabelClass } from "../../src/core/project";
import { answer, classId, eventId, itemId, revoke } from "./make-events";

const here = "here" as ProjectId;
const labelClass = (id: string, name: string, removed = false): LabelClass => ({
  id: classId(id),
  name,
  color: "#000000",
  key: "",
  definition: "",
  removed,
});

function into(stored: ReadonlyMap<EventId, ProjectId>, part: Partial<MergeInto> = {}): MergeInto {
  return {
    projectId: here,
    classIds: new Map(),
    hasItem: () => true,
    ownerOf: (id) => stored.get(id) ?? null,
    nameOf: (name) => name,
    ...part,
  };
}

it("matches classes by id, then by name, and keeps the rest", () => {
  const mine = [labelClass("1", "Cat"), labelClass("2", "Dog"), labelClass("3", "Gone", true)];
  const theirs = [
    labelClass("1", "Kitten"),
    labelClass("9", " dog"),
    labelClass("8", "gone"),
    labelClass("7", "Bird"),
  ];
  const { ids, missing } = matchClasses(mine, theirs);
  expect([...ids]).toEqual([
    ["1", "1"],
    ["9", "2"],
    ["8", "8"],
    ["7", "7"],
  ]);
  expect(missing.map(({ name }) => name)).toEqual(["gone", "Bird"]);
});

it("takes in what is new, with classes and names as they are here", () => {
  const theirs = [answer(1, "a", "x"), { ...answer(2, "b", "y"), settles: [eventId(1)] }];
  const classIds = new Map<ClassId, ClassId>([[classId("x"), classId("cat")]]);
  const merged = mergeEvents(into(new Map([[eventId(1), here]]), { classIds, nameOf: () => "Ben" }), theirs);
  expect(merged).toMatchObject({ known: 1, withoutItem: 0 });
  expect(merged.events).toEqual([{ ...theirs[1], projectId: here, annotator: "Ben" }]);
  const first = mergeEvents(into(new Map(), { classIds }), theirs).events[0];
  expect(first).toMatchObject({ answer: { classIds: ["cat"] } });
});

it("renames who brought an answer in as well, or their step would be somebody else's to undo", () => {
  const theirs = [{ ...answer(1, "a", "x", { annotator: "Cleo" }), importedBy: "me" }];
  const nameOf = (name: string) => (name === "me" ? "Ben" : name);
  const { events } = mergeEvents(into(new Map(), { nameOf }), theirs);
  expect(events[0]).toMatchObject({ annotator: "Cleo", importedBy: "Ben" });
  expect(foldEvents(events).nextUndo("me")).toBeNull();
});

it("says a class once where two of theirs are one here", () => {
  const classIds = new Map([classId("x"), classId("y")].map((id) => [id, classId("cat")]));
  const theirs = [answer(1, "a", { type: "classes", classIds: [classId("x"), classId("y")] })];
  const { events } = mergeEvents(into(new Map(), { classIds }), theirs);
  expect(events[0]).toMatchObject({ answer: { classIds: ["cat"] } });
});

it("leaves out answers to items that are not here, and undos of nothing", () => {
  const theirs = [answer(1, "a", "x"), answer(2, "b", "x"), revoke("undo", 3, 1), revoke("undo", 4, 2)];
  const hasItem = (id: ItemId) => id === itemId("a");
  const merged = mergeEvents(into(new Map(), { hasItem }), theirs);
  expect(merged.events.map(({ id }) => id)).toEqual([eventId(1), eventId(3)]);
  expect(merged.withoutItem).toBe(1);
});

it("gives ids of their own to events another project has, the same ones each time", () => {
  const long = (number: number) => String(number).padStart(26, "0") as EventId;
  const theirs: LabelEvent[] = [
    { ...answer(1, "a", "x"), id: long(1), step: long(1) },
    { ...revoke("undo", 2, 1), id: long(2), step: long(1) },
  ];
  const stored = new Map([[long(1), "elsewhere" as ProjectId]]);
  const { events } = mergeEvents(into(stored), theirs);
  expect(events[0]!.id).toMatch(/^0{10}[0-9A-Z]{16}$/);
  expect(events[0]!.id).not.toBe(long(1));
  expect(foldEvents(events).undone).toHaveLength(1);
  for (const { id } of events) stored.set(id, here);
  expect(mergeEvents(into(stored), theirs)).toMatchObject({ events: [], known: 1 });
});
