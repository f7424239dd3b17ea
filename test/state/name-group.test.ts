// A group of alike items gets a class in one step: a new one or one there is, and one undo takes the labels back.

import { expect, test } from "vitest";
import type { Project } from "../../src/core/project";
import { nameGroup } from "../../src/state/name-group";
import { classId } from "../core/make-events";
import { fakeSession, idOfRow } from "./fake-session";

function made(leads = true) {
  let ids = 0;
  const fake = fakeSession(20, ["cat", "dog"], {
    shell: { nextId: () => `new-${(ids += 1)}` },
    learning: { latest: { number: 4 }, requestIfStale: () => undefined },
    change: async (change: (project: Project) => Partial<Project>) => {
      if (!leads) throw new Error("Another tab works on this project, so nothing was changed.");
      Object.assign(fake.session.project, change(fake.session.project));
    },
  });
  return fake;
}

test("a new name makes a class, the labels are the person's, and one undo takes them all back", async () => {
  const { session, events } = made();
  expect(await nameGroup(session, [3, 5, 8], " owl ")).toBe(3);
  expect(session.project.classes.map(({ name }) => name)).toEqual(["cat", "dog", "owl"]);
  const owl = session.project.classes[2]!.id;
  expect([...session.view.train]).toEqual([3, 5, 8].map((row) => [idOfRow(row), [owl]]));
  expect(session.view.holdOut.size).toBe(0);
  expect(events.every((event) => event.type === "answer" && event.origin === "person")).toBe(true);
  expect(events.every(({ annotator }) => annotator === "Ada")).toBe(true);

  const step = session.labels.nextUndo("Ada")!;
  const { projectId, annotator } = events[0]!;
  await session.appendMany([{ type: "undo", id: session.nextEventId(), projectId, at: 0, annotator, step }]);
  expect(session.view.train.size).toBe(0);
  expect(session.project.classes).toHaveLength(3);
});

test("the name of a class there is gives that one, and what was answered meanwhile keeps its answer", async () => {
  const { session, events } = made();
  await nameGroup(session, [3], "Dog");
  expect(await nameGroup(session, [3, 4], "CAT")).toBe(1);
  expect(session.project.classes).toHaveLength(2);
  expect(session.view.classesOf(idOfRow(3))).toEqual([classId("dog")]);
  expect(session.view.classesOf(idOfRow(4))).toEqual([classId("cat")]);
  expect(await nameGroup(session, [3, 4], "owl")).toBe(0);
  expect(session.project.classes).toHaveLength(2);
  expect(events).toHaveLength(2);
});

test("where another tab leads nothing is changed, and the person hears of it", async () => {
  const { session, events } = made(false);
  await expect(nameGroup(session, [3], "owl")).rejects.toThrow(/Another tab/);
  await expect(nameGroup(session, [3], "cat")).rejects.toThrow(/Another tab/);
  expect(events).toEqual([]);
  expect(session.project.classes).toHaveLength(2);
});
