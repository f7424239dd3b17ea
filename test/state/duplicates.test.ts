// What is done with groups of near duplicates: held back, labelled together, taken out of training, each in one
// step that one undo takes back.

import { expect, test } from "vitest";
import type { AnswerEvent, Slice } from "../../src/core/event";
import type { EventId, ProjectId } from "../../src/core/ids";
import { applyEvent } from "../../src/core/labels";
import { Duplicates } from "../../src/state/duplicates.svelte";
import { classes, classId } from "../core/make-events";
import { fakeSession, idOfRow, type FakeSession } from "./fake-session";

/** Groups 0-1-2, 3-4, 5-6 and, less alike, 7-8. */
const pairs = {
  left: Uint32Array.of(0, 1, 3, 5, 7),
  right: Uint32Array.of(1, 2, 4, 6, 8),
  similarities: Float32Array.of(1, 0.99, 0.99, 0.98, 0.9),
};

function label({ session }: FakeSession, row: number, className: string, slice: Slice = "train"): void {
  const id = session.nextEventId();
  const event: AnswerEvent = {
    type: "answer",
    id,
    step: id,
    projectId: "project" as ProjectId,
    at: 1,
    annotator: "Ada",
    itemId: idOfRow(row),
    answer: classes(className),
    slice,
    origin: "person",
    shown: null,
    tookMs: 1,
  };
  applyEvent(session.labels, event);
}

async function found(): Promise<FakeSession & { readonly duplicates: Duplicates }> {
  const learning = { consulting: { nearPairs: async () => pairs }, requestIfStale: () => undefined };
  const made = fakeSession(10, ["cat", "dog"], { learning, embedding: { rows: 10 } });
  const duplicates = new Duplicates(made.session);
  await duplicates.look();
  duplicates.threshold = 0.95;
  return { ...made, duplicates };
}

const standings = ({ session }: FakeSession) =>
  Array.from({ length: 10 }, (_, row) => session.view.standing(idOfRow(row)));

test("the threshold decides which groups there are, and shows the pairs on either side of it", async () => {
  const { duplicates } = await found();
  expect(duplicates.groups).toEqual([
    [0, 1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect(duplicates.surplus).toBe(4);
  expect(duplicates.nearThreshold(1).above.map(({ left, right }) => [left, right])).toEqual([[5, 6]]);
  expect(duplicates.nearThreshold(2).below.map(({ left, right }) => [left, right])).toEqual([[7, 8]]);
  duplicates.threshold = 0.85;
  expect(duplicates.groups).toHaveLength(4);
});

test("held back: one of each group stays to be asked, the labelled one where there is one", async () => {
  const one = await found();
  label(one, 1, "cat");
  expect(await one.duplicates.holdBack()).toBe(4);
  expect(standings(one).slice(0, 7)).toEqual([
    "skipped",
    "train",
    "skipped",
    "waiting",
    "skipped",
    "waiting",
    "skipped",
  ]);
  const step = (one.events[0] as AnswerEvent).step;
  expect(new Set(one.events.map((event) => (event as AnswerEvent).step))).toEqual(new Set([step]));
  const undo = { id: "999999" as EventId, projectId: "project" as ProjectId, at: 2, annotator: "Ada", step };
  applyEvent(one.session.labels, { type: "undo", ...undo });
  expect(standings(one).filter((standing) => standing === "skipped")).toEqual([]);
});

test("labelled together: the group's one label goes to the rest as the machine's; contradictions stay", async () => {
  const one = await found();
  label(one, 2, "dog");
  label(one, 3, "cat");
  label(one, 4, "dog");
  expect(one.duplicates.conflicts).toEqual([[3, 4]]);
  expect(await one.duplicates.labelTogether()).toBe(2);
  expect(standings(one).slice(0, 7)).toEqual([
    "machine",
    "machine",
    "train",
    "train",
    "train",
    "waiting",
    "waiting",
  ]);
  expect(one.session.view.classesOf(idOfRow(0))).toEqual(["dog"]);
});

test("a group on both sides of the hold-out is said, and taken out of training with its labels", async () => {
  const one = await found();
  label(one, 0, "cat", "hold-out");
  label(one, 1, "cat");
  label(one, 5, "dog");
  expect(one.duplicates.leaks).toEqual([[0, 1, 2]]);
  expect(await one.duplicates.moveLeaks()).toBe(1);
  expect(one.duplicates.leaks).toEqual([]);
  expect(standings(one).slice(0, 2)).toEqual(["hold-out", "hold-out"]);
  expect(one.session.view.train.size).toBe(1);
});

test("a group labelled by a person is a person's, and joins the hold-out where one of it is there", async () => {
  const one = await found();
  label(one, 3, "cat", "hold-out");
  expect(await one.duplicates.labelGroup([3, 4], classId("dog"))).toBe(2);
  expect(standings(one).slice(3, 5)).toEqual(["hold-out", "hold-out"]);
  expect(one.session.view.classesOf(idOfRow(4))).toEqual(["dog"]);
});
