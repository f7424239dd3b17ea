// What labels mean for training once classes come and go.

import { describe, expect, test } from "vitest";
import type { Answer, LabelEvent } from "../../src/core/event";
import { applyEvent, createLabelState, foldEvents } from "../../src/core/labels";
import type { AnswerMode, LabelClass } from "../../src/core/project";
import { createRandom } from "../../src/core/random";
import { liveTrainingView, trainingView, type Standing } from "../../src/core/training-view";
import { answer, classes, classId, itemId, revoke } from "./make-events";

function makeClass(name: string, removed = false): LabelClass {
  return { id: classId(name), name, color: "#000000", key: "", definition: "", removed };
}

function view(events: LabelEvent[], answerMode: AnswerMode, ...given: LabelClass[]) {
  return trainingView(foldEvents(events), { answerMode, classes: given });
}

const cat = makeClass("cat");
const dog = makeClass("dog");
const log = [
  answer(1, "t", "cat"),
  answer(2, "h", "dog", { slice: "hold-out" }),
  answer(3, "s", { type: "skip" }),
  answer(4, "u", { type: "unsure" }),
  answer(5, "w", "cat"),
  revoke("undo", 6, 5),
];

test("every item stands somewhere", () => {
  const seen = view(log, "single", cat, dog);
  const standings: Record<string, Standing> = {
    t: "train",
    h: "hold-out",
    s: "skipped",
    u: "unsure",
    w: "waiting",
  };
  for (const [name, standing] of Object.entries(standings)) {
    expect(seen.standing(itemId(name))).toBe(standing);
    expect(seen.settled.has(itemId(name))).toBe(standing !== "waiting");
  }
  expect(seen.standing(itemId("never seen"))).toBe("waiting");
  expect([...seen.train]).toEqual([[itemId("t"), ["cat"]]]);
  expect([...seen.holdOut]).toEqual([[itemId("h"), ["dog"]]]);
  expect([...seen.skipped, ...seen.unsure]).toEqual([itemId("s"), itemId("u")]);
  expect(seen.settled.size).toBe(4);
  expect(seen.classIds).toEqual(["cat", "dog"]);
});

describe("single mode", () => {
  test("items of a removed class wait again, and are back when it is restored", () => {
    const gone = view(log, "single", cat, makeClass("dog", true));
    expect(gone.standing(itemId("h"))).toBe("waiting");
    expect(gone.holdOut.size).toBe(0);
    expect(gone.settled.size).toBe(3);
    expect(gone.classIds).toEqual(["cat"]);
    expect(view(log, "single", cat, dog).standing(itemId("h"))).toBe("hold-out");
  });

  test("a held-out item that is asked again does not slip into training", () => {
    const again = [...log, answer(7, "h", "cat")];
    expect(view(again, "single", cat, makeClass("dog", true)).standing(itemId("h"))).toBe("hold-out");
  });

  test("an earlier label does not come back because the later one's class went", () => {
    const relabelled = [answer(1, "x", "cat"), answer(2, "x", "dog")];
    expect(view(relabelled, "single", cat, makeClass("dog", true)).standing(itemId("x"))).toBe("waiting");
  });

  test("a class the project does not know, or no class, is no label", () => {
    const strange = [answer(1, "x", "cow"), answer(2, "y", classes())];
    expect(view(strange, "single", cat, dog).settled.size).toBe(0);
  });
});

describe("multiple mode", () => {
  const several = [answer(1, "x", classes("cat", "dog")), answer(2, "y", "dog"), answer(3, "z", classes())];

  test("any number of classes is a label, none included", () => {
    expect([...view(several, "multiple", cat, dog).train.values()]).toEqual([["cat", "dog"], ["dog"], []]);
  });

  test("a removed class is dropped from the set and the item stays labelled", () => {
    const gone = view(several, "multiple", cat, makeClass("dog", true));
    expect([...gone.train.values()]).toEqual([["cat"], [], []]);
    expect(gone.settled.size).toBe(3);
  });
});

test("the live view says after each event what a view made anew says", () => {
  const random = createRandom(11);
  const state = createLabelState();
  const project = { answerMode: "single" as const, classes: [cat, { ...dog, removed: true }] };
  const live = liveTrainingView(state, project);
  const answers: Answer[] = [classes("cat"), classes("dog"), { type: "skip" }, { type: "unsure" }];
  for (let number = 1; number <= 400; number++) {
    const slice = random.next() < 0.2 ? "hold-out" : "train";
    const event =
      number > 1 && random.next() < 0.2
        ? revoke(random.next() < 0.5 ? "undo" : "redo", number, 1 + random.integer(number - 1))
        : answer(number, random.integer(40), answers[random.integer(4)]!, { slice });
    live.update(applyEvent(state, event));
    const { train, holdOut, skipped, unsure, settled } = trainingView(state, project);
    const seen = live.view;
    expect(new Map([...seen.train].sort())).toEqual(new Map([...train].sort()));
    expect(new Map([...seen.holdOut].sort())).toEqual(new Map([...holdOut].sort()));
    expect(new Set([...seen.skipped])).toEqual(new Set([...skipped]));
    expect(new Set([...seen.unsure])).toEqual(new Set([...unsure]));
    expect(seen.settled.size).toBe(settled.size);
  }
});

test("what the machine labelled is settled and has its class, but is neither trained on nor a yardstick", () => {
  const made = { ...answer(1, "m", "cat", { slice: "hold-out" }), origin: "model" as const };
  const seen = view([made, answer(2, "t", "dog")], "single", cat, dog);
  expect(seen.standing(itemId("m"))).toBe("machine");
  expect([...seen.machine.keys()]).toEqual([itemId("m")]);
  expect(seen.holdOut.size).toBe(0);
  expect([...seen.train.keys()]).toEqual([itemId("t")]);
  expect(seen.classesOf(itemId("m"))).toEqual(["cat"]);
  expect(seen.settled.size).toBe(2);
  const answered = view([made, answer(2, "m", "dog")], "single", cat, dog);
  expect(answered.standing(itemId("m"))).toBe("hold-out");
});
