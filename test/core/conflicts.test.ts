// Conflicts follow from the set of events alone: in any order, through undo, and until somebody decides.

import { expect, it } from "vitest";
import { conflictsOf } from "../../src/core/conflicts";
import type { LabelEvent } from "../../src/core/event";
import { createRandom } from "../../src/core/random";
import { foldEvents } from "../../src/core/labels";
import { answer, classes, eventId, itemId, revoke } from "./make-events";

const ada = { annotator: "Ada" };
const ben = { annotator: "Ben" };
const said = (events: readonly LabelEvent[]) =>
  conflictsOf(foldEvents(events)).map((one) => [one.itemId, one.answers.map(({ annotator }) => annotator)]);

it("lists items two people put into different classes, and no others", () => {
  const events = [
    answer(1, "a", "cat", ada),
    answer(2, "b", "cat", ada),
    answer(3, "c", "cat", ada),
    answer(4, "d", classes("cat", "dog"), ada),
    answer(5, "a", "dog", ben),
    answer(6, "b", "cat", ben),
    answer(7, "e", { type: "unsure" }, ben),
    answer(9, "e", "cat", ada),
    answer(10, "f", { type: "skip" }, ada),
    answer(11, "f", { type: "unsure" }, ben),
    answer(8, "d", classes("dog", "cat"), ben),
  ];
  expect(said(events)).toEqual([[itemId("a"), ["Ada", "Ben"]]]);
});

it("counts one person's change of mind as no conflict, and only their latest answer", () => {
  expect(said([answer(1, "a", "cat", ada), answer(2, "a", "dog", ada)])).toEqual([]);
  const agreed = [answer(1, "a", "cat", ada), answer(2, "a", "dog", ben), answer(3, "a", "cat", ben)];
  expect(said(agreed)).toEqual([]);
  const withdrawn = [
    answer(1, "a", "cat", ada),
    answer(2, "a", { type: "skip" }, ben),
    answer(3, "a", "cat", ben),
  ];
  expect(said(withdrawn)).toEqual([]);
});

it("lists a label that another person's later skip or doubt hides, until somebody decides", () => {
  for (const type of ["skip", "unsure"] as const) {
    const hidden = [answer(1, "a", "cat", ada), answer(2, "a", { type }, ben)];
    expect(said(hidden)).toEqual([[itemId("a"), ["Ada", "Ben"]]]);
    expect(said([...hidden, revoke("undo", 3, 2, "Ben")])).toEqual([]);
    const kept = { ...answer(3, "a", "cat", ada), settles: [eventId(1), eventId(2)] };
    expect(said([...hidden, kept])).toEqual([]);
    const passed = { ...answer(3, "a", { type }, ada), settles: [eventId(1), eventId(2)] };
    expect(said([...hidden, passed])).toEqual([]);
    // A label given after it is in force, and nothing is hidden.
    expect(said([answer(1, "a", { type }, ben), answer(2, "a", "cat", ada)])).toEqual([]);
  }
});

it("is over once somebody decides, back when that is undone, and new with a third person's answer", () => {
  const decision = { ...answer(3, "a", "dog", ada), settles: [eventId(1), eventId(2)] };
  const events = [answer(1, "a", "cat", ada), answer(2, "a", "dog", ben)];
  expect(said(events)).toHaveLength(1);
  expect(said([...events, decision])).toEqual([]);
  expect(said([...events, decision, revoke("undo", 4, 3)])).toHaveLength(1);
  const cara = answer(5, "a", "cat", { annotator: "Cara" });
  expect(said([...events, decision, cara])).toEqual([[itemId("a"), ["Ada", "Cara"]]]);
});

it("leaves out what was undone and what a model said", () => {
  const events = [answer(1, "a", "cat", ada), answer(2, "a", "dog", ben)];
  expect(said([...events, revoke("undo", 3, 2, "Ben")])).toEqual([]);
  expect(said([events[0]!, { ...answer(2, "a", "dog", ben), origin: "model" }])).toEqual([]);
});

it("does not depend on the order in which the events come", () => {
  const random = createRandom(3);
  const events: LabelEvent[] = [];
  for (let number = 1; number <= 120; number++)
    events.push(
      number % 9 === 0
        ? revoke("undo", number, number - 4)
        : answer(number, random.integer(12), random.next() < 0.5 ? "cat" : "dog", {
            annotator: ["Ada", "Ben", "Cara"][random.integer(3)]!,
          }),
    );
  const expected = said(events);
  expect(expected.length).toBeGreaterThan(2);
  for (let turn = 0; turn < 5; turn++) expect(said(random.shuffle([...events]))).toEqual(expected);
});
