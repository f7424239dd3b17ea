// The fold over label events: latest answers, history, undo and redo without limit, merged logs.

import { describe, expect, test } from "vitest";
import { applyEvent, createLabelState, foldEvents, type LabelState } from "../../src/core/labels";
import { answer, eventId, itemId, revoke } from "./make-events";

const said = (state: LabelState, item: string | number) => {
  const current = state.current(itemId(item))?.answer;
  return current?.type === "classes" ? current.classIds.join() : (current?.type ?? null);
};

describe("answers", () => {
  test("the latest counts, the history keeps all", () => {
    const events = [answer(1, "x", "cat"), answer(2, "x", "dog"), answer(3, "y", { type: "skip" })];
    const state = foldEvents(events);
    expect(said(state, "x")).toBe("dog");
    expect(said(state, "y")).toBe("skip");
    expect(said(state, "z")).toBeNull();
    expect(state.history(itemId("x"))).toEqual(events.slice(0, 2));
    expect(state.history(itemId("z"))).toEqual([]);
  });

  test("an event names the items it says something about, and the second time none", () => {
    const state = createLabelState();
    expect(applyEvent(state, answer(1, "x", "cat"))).toEqual([itemId("x")]);
    expect(applyEvent(state, answer(2, "y", "cat", { step: 1 }))).toEqual([itemId("y")]);
    expect(applyEvent(state, revoke("undo", 3, 1))).toEqual([itemId("x"), itemId("y")]);
    expect(applyEvent(state, revoke("undo", 3, 1))).toEqual([]);
    expect(said(state, "x")).toBeNull();
  });
});

describe("the hold-out", () => {
  test("keeps an item that is relabelled for training", () => {
    const state = foldEvents([answer(1, "x", "cat", { slice: "hold-out" }), answer(2, "x", "dog")]);
    expect(said(state, "x")).toBe("dog");
    expect(state.slice(itemId("x"))).toBe("hold-out");
  });

  test("takes an item that was trained on before", () => {
    const state = foldEvents([answer(1, "x", "cat"), answer(2, "x", "cat", { slice: "hold-out" })]);
    expect(state.slice(itemId("x"))).toBe("hold-out");
  });

  test("lets go when its answer is undone", () => {
    const state = foldEvents([
      answer(1, "x", "cat"),
      answer(2, "x", "dog", { slice: "hold-out" }),
      revoke("undo", 3, 2),
    ]);
    expect(said(state, "x")).toBe("cat");
    expect(state.slice(itemId("x"))).toBe("train");
    applyEvent(state, revoke("undo", 4, 1));
    expect(state.slice(itemId("x"))).toBeNull();
  });
});

describe("undo and redo", () => {
  test("go through all steps and back", () => {
    const state = createLabelState();
    const count = 500;
    for (let number = 1; number <= count; number++)
      applyEvent(state, answer(number, number % 7, `c${number}`));
    let number = count;
    for (let left = count; left > 0; left--) {
      expect(state.nextUndo()).toBe(eventId(left));
      applyEvent(state, revoke("undo", ++number, left));
    }
    expect(state.nextUndo()).toBeNull();
    expect(said(state, 3)).toBeNull();
    for (let step = 1; step <= count; step++) {
      expect(state.nextRedo()).toBe(eventId(step));
      applyEvent(state, revoke("redo", ++number, step));
    }
    expect(state.nextRedo()).toBeNull();
    expect(said(state, 3)).toBe("c500");
  });

  test("an undone relabelling gives the label before it back", () => {
    const state = foldEvents([answer(1, "x", "cat"), answer(2, "x", "dog"), revoke("undo", 3, 2)]);
    expect(said(state, "x")).toBe("cat");
    expect(state.isUndone(eventId(2))).toBe(true);
    expect(state.history(itemId("x"))).toHaveLength(2);
  });

  test("a step of several answers goes and comes back as one", () => {
    const state = foldEvents([
      answer(1, "x", "cat"),
      answer(2, "x", "dog"),
      answer(3, "y", "dog", { step: 2 }),
      answer(4, "x", "cow", { step: 2 }),
    ]);
    expect(state.step(eventId(2)).map(({ id }) => id)).toEqual([2, 3, 4].map(eventId));
    expect(state.nextUndo()).toBe(eventId(2));
    applyEvent(state, revoke("undo", 5, 2));
    expect([said(state, "x"), said(state, "y")]).toEqual(["cat", null]);
    applyEvent(state, revoke("redo", 6, 2));
    expect([said(state, "x"), said(state, "y")]).toEqual(["cow", "dog"]);
  });

  test("a new answer ends redo, and its own undo does not bring the old one back", () => {
    const state = foldEvents([answer(1, "x", "cat"), revoke("undo", 2, 1)]);
    expect(state.nextRedo()).toBe(eventId(1));
    applyEvent(state, answer(3, "x", "dog"));
    expect(state.nextRedo()).toBeNull();
    applyEvent(state, revoke("undo", 4, 3));
    expect(state.nextRedo()).toBe(eventId(3));
    applyEvent(state, revoke("redo", 5, 3));
    expect(state.nextRedo()).toBeNull();
    expect(state.nextUndo()).toBe(eventId(3));
  });

  test("undoing twice is undoing once", () => {
    const state = foldEvents([
      answer(1, "x", "cat"),
      answer(2, "y", "cat"),
      revoke("undo", 3, 1),
      revoke("undo", 4, 1),
    ]);
    expect(state.nextUndo()).toBe(eventId(2));
    expect(state.nextRedo()).toBe(eventId(1));
    applyEvent(state, revoke("redo", 5, 1));
    expect(said(state, "x")).toBe("cat");
    applyEvent(state, revoke("redo", 6, 1));
    expect(state.nextRedo()).toBeNull();
    expect(state.nextUndo()).toBe(eventId(2));
  });

  test("a second undo after a new answer does not open redo again", () => {
    const state = foldEvents([
      answer(1, "x", "cat"),
      revoke("undo", 2, 1),
      answer(3, "y", "cat"),
      revoke("undo", 4, 1),
    ]);
    expect(state.nextRedo()).toBeNull();
  });

  test("stay with the annotator they are asked for", () => {
    const ben = { annotator: "Ben" };
    const state = foldEvents([answer(1, "x", "cat"), answer(2, "y", "cat", ben), answer(3, "z", "cat", ben)]);
    expect(state.nextUndo("Ada")).toBe(eventId(1));
    expect(state.nextUndo("Ben")).toBe(eventId(3));
    expect(state.nextUndo("Cleo")).toBeNull();
    applyEvent(state, revoke("undo", 4, 1));
    applyEvent(state, answer(5, "w", "cat", ben));
    expect(state.nextRedo("Ada")).toBe(eventId(1));
    expect(state.nextRedo("Ben")).toBeNull();
  });
});

describe("merged logs", () => {
  test("an undo that arrives before its answers takes them back when they come", () => {
    const state = foldEvents([revoke("undo", 2, 1)]);
    expect([state.nextUndo(), state.nextRedo(), state.step(eventId(1))]).toEqual([null, null, []]);
    applyEvent(state, answer(1, "x", "cat"));
    expect(said(state, "x")).toBeNull();
    expect([state.nextUndo(), state.nextRedo()]).toEqual([null, eventId(1)]);
  });

  test("two people's answers to one item: the later counts, both are kept", () => {
    const ours = [answer(1, "x", "cat"), answer(4, "y", "cat")];
    const theirs = [answer(2, "x", "dog", { annotator: "Ben" }), revoke("undo", 3, 2, "Ben")];
    const state = foldEvents([...ours, ...theirs, ...ours]);
    expect(said(state, "x")).toBe("cat");
    expect(state.history(itemId("x")).map(({ annotator }) => annotator)).toEqual(["Ada", "Ben"]);
  });
});

// A fold in the square of its length would take minutes, and the test's own limit ends it.
test("a long log folds in time that grows with it, not with its square", () => {
  const state = createLabelState();
  for (let number = 1; number <= 100_000; number++) applyEvent(state, answer(number, number, "cat"));
  expect(state.items.size).toBe(100_000);
  expect(state.nextUndo()).toBe(eventId(100_000));
});
