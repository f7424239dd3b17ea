// The fold over label events on random logs of two people, against a fold that is plain and slow.

import { expect, test } from "vitest";
import type { Answer, AnswerEvent, LabelEvent } from "../../src/core/event";
import { applyEvent, createLabelState, foldEvents, type LabelState } from "../../src/core/labels";
import { createRandom } from "../../src/core/random";
import { answer, classes, itemId, revoke } from "./make-events";

/** Everything anybody can ask of a state, for the comparison below. */
function describeState(state: LabelState, items: number) {
  const names = Array.from({ length: items }, (_, item) => itemId(item));
  return {
    labels: names.map((name) => [state.current(name)?.id ?? null, state.slice(name)]),
    history: names.map((name) => state.history(name).map(({ id }) => id)),
    undo: [state.nextUndo(), state.nextUndo("Ada"), state.nextUndo("Ben")],
    redo: [state.nextRedo(), state.nextRedo("Ada"), state.nextRedo("Ben")],
  };
}

/** The same from the whole log, with stacks as one would write them down first. */
function describePlainly(log: readonly LabelEvent[], items: number) {
  const undone = new Set<string>();
  const answers = log.filter((event) => event.type === "answer");
  const ownerOf = (step: string) => answers.find((event) => event.step === step)!.annotator;
  const undo: string[] = [];
  let redo: string[] = [];
  for (const event of log) {
    if (event.type === "answer") {
      if (undo.includes(event.step) || undone.has(event.step)) continue;
      undo.push(event.step);
      redo = redo.filter((step) => ownerOf(step) !== event.annotator);
    } else if (event.type === "undo" && !undone.has(event.step)) {
      undone.add(event.step);
      undo.splice(undo.indexOf(event.step), 1);
      redo.push(event.step);
    } else if (event.type === "redo" && undone.has(event.step)) {
      undone.delete(event.step);
      redo = redo.filter((step) => step !== event.step);
      undo.push(event.step);
      undo.sort();
    }
  }
  const names = Array.from({ length: items }, (_, item) => itemId(item));
  const active = names.map((name) =>
    answers.filter(({ itemId, step }) => itemId === name && !undone.has(step)),
  );
  const sliceOf = (list: AnswerEvent[]) =>
    list.some(({ slice }) => slice === "hold-out") ? "hold-out" : "train";
  const last = (stack: string[]) => [
    stack.at(-1) ?? null,
    ...["Ada", "Ben"].map((owner) => stack.findLast((step) => ownerOf(step) === owner) ?? null),
  ];
  return {
    labels: active.map((list) => (list.length > 0 ? [list.at(-1)!.id, sliceOf(list)] : [null, null])),
    history: names.map((name) => answers.filter(({ itemId }) => itemId === name).map(({ id }) => id)),
    undo: last(undo),
    redo: last(redo),
  };
}

/** A log as two people would make it, with steps of one to three answers and now and then a needless undo. */
function randomLog(seed: number, length: number, items: number): LabelEvent[] {
  const random = createRandom(seed);
  const log: LabelEvent[] = [];
  const steps: number[] = [];
  const anything: Answer[] = [
    classes("cat"),
    classes("dog"),
    classes(),
    { type: "skip" },
    { type: "unsure" },
  ];
  while (log.length < length) {
    const number = log.length + 1;
    const annotator = random.next() < 0.6 ? "Ada" : "Ben";
    if (random.next() < 0.5 || steps.length === 0) {
      steps.push(number);
      for (let more = random.integer(3); more >= 0; more--) {
        const slice = random.next() < 0.15 ? "hold-out" : "train";
        const what = anything[random.integer(anything.length)]!;
        log.push(answer(log.length + 1, random.integer(items), what, { step: number, slice, annotator }));
      }
    } else {
      // Mostly recent steps, so that undo and redo of the same one meet.
      const step = steps[Math.max(0, steps.length - 1 - random.integer(6))]!;
      log.push(revoke(random.next() < 0.6 ? "undo" : "redo", number, step, annotator));
    }
  }
  return log;
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("random log %i: every prefix agrees with the plain fold", (seed) => {
  const items = 6;
  const log = randomLog(seed, 120, items);
  const state = createLabelState();
  log.forEach((event, at) => {
    applyEvent(state, event);
    expect(describeState(state, items)).toEqual(describePlainly(log.slice(0, at + 1), items));
  });
});

test.each([11, 12, 13, 14])("random log %i: order and repeats do not matter", (seed) => {
  const items = 6;
  const log = randomLog(seed, 150, items);
  const random = createRandom(seed + 100);
  const expected = describePlainly(log, items);
  for (let turn = 0; turn < 5; turn++) {
    const repeats = log.filter(() => random.next() < 0.2);
    const shuffled = random.shuffle([...log, ...repeats]);
    expect(describeState(foldEvents(shuffled), items)).toEqual(expected);
  }
});
