// Accepting sure labels: a blind sample first, a bound from it, then the rest in one step as the machine's.

import { expect, test, vi } from "vitest";
import { upperErrorBound } from "../../src/core/evaluation/error-bound";
import { Accepting, auditSize } from "../../src/state/accepting.svelte";
import { classId } from "../core/make-events";
import { fakeSession, idOfRow } from "./fake-session";

const rows = 120;
const [cat, dog] = [classId("cat"), classId("dog")];

async function asked(more: object = {}) {
  const prediction = {
    guesses: Uint16Array.from({ length: rows }, (_, row) => row % 2),
    // The first hundred are sure.
    confidences: Float32Array.from({ length: rows }, (_, row) => (row < 100 ? 0.99 : 0.6)),
  };
  const learning = {
    rounds: [{ number: 3, classIds: [cat, dog] }],
    consulting: { predict: async () => prediction },
    requestIfStale: () => undefined,
  };
  const made = fakeSession(rows, ["cat", "dog"], { learning, ...more });
  const accepting = new Accepting(made.session);
  await accepting.ask(3);
  return { ...made, accepting };
}

test("nothing is accepted before the sample is checked; then the bound holds what was found wrong", async () => {
  const { accepting, events, session } = await asked();
  expect(accepting.rows).toHaveLength(100);
  expect(await accepting.accept()).toBe(0);
  accepting.draw();
  for (let checked = 0; checked < auditSize; checked++) {
    expect(accepting.bound).toBeNull();
    const row = accepting.next!;
    const guess = row % 2 === 0 ? cat : dog;
    // The first two are wrong.
    await accepting.check(checked < 2 ? (guess === cat ? dog : cat) : guess);
  }
  expect(events).toHaveLength(auditSize);
  expect(accepting.audit).toMatchObject({ checked: auditSize, wrong: 2 });
  expect(accepting.bound).toBe(upperErrorBound(2, auditSize));

  expect(await accepting.accept()).toBe(100 - auditSize);
  expect(session.view.machine.size).toBe(100 - auditSize);
  expect(session.view.train.size).toBe(auditSize);
  for (const [itemId, classIds] of session.view.machine) {
    const row = session.items.rowOf(itemId)!;
    expect(classIds).toEqual([row % 2 === 0 ? cat : dog]);
    expect(row).toBeLessThan(100);
  }
  const accepted = events.slice(auditSize);
  expect(accepted.every((event) => event.type === "answer" && event.origin === "model")).toBe(true);
  expect(new Set(accepted.map((event) => event.type === "answer" && event.step)).size).toBe(1);
  expect(session.view.standing(idOfRow(110))).toBe("waiting");
});

test("another threshold needs another sample", async () => {
  const { accepting } = await asked();
  accepting.draw();
  expect(accepting.next).not.toBeNull();
  accepting.threshold = 0.5;
  expect(accepting.rows).toHaveLength(rows);
  expect(accepting.current).toBeNull();
  expect(accepting.next).toBeNull();
  expect(accepting.bound).toBeNull();
});

test("an answer that is undone is neither checked nor wrong, and its item is asked about again", async () => {
  const { accepting, session, events } = await asked();
  accepting.draw();
  const first = accepting.next!;
  await accepting.check(first % 2 === 0 ? dog : cat);
  expect(accepting.audit).toMatchObject({ checked: 1, wrong: 1 });
  const second = accepting.next!;
  await accepting.check(second % 2 === 0 ? cat : dog);
  const { projectId, annotator, step } = events[0]!;
  await session.appendMany([{ type: "undo", id: session.nextEventId(), projectId, at: 0, annotator, step }]);
  expect(accepting.next).toBe(first);
  expect(accepting.audit).toMatchObject({ checked: 1, wrong: 0 });
});

test("nothing is given where another tab leads", async () => {
  const { accepting, session, events } = await asked();
  accepting.draw();
  Object.assign(session, { leads: false });
  await accepting.check(cat);
  expect(events).toEqual([]);
});

test("a key that comes while the answer before is still worked on is taken, one pressed twice once", async () => {
  let goOn = () => {};
  const working = new Promise<void>((resolve) => (goOn = resolve));
  const { accepting, events } = await asked({ labelling: { advanceIfIdle: () => working } });
  accepting.draw();
  const [one, two] = [accepting.next!, accepting.audit!.rows[1]!];
  const first = accepting.check(cat);
  const again = accepting.check(cat);
  await vi.waitUntil(() => accepting.next === two, { timeout: 30_000 });
  const second = accepting.check(dog);
  goOn();
  await Promise.all([first, again, second]);
  expect(events.map((event) => event.type === "answer" && event.itemId)).toEqual([
    idOfRow(one),
    idOfRow(two),
  ]);
});
