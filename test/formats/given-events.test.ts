// Class names and answers that come with an item, turned into label events.

import { expect, it } from "vitest";
import type { ClassId, EventId, ItemId, ProjectId } from "../../src/core/ids";
import { foldEvents } from "../../src/core/labels";
import type { GivenAnswer } from "../../src/formats/reader";
import { givenEvents, type Given, type GivenLabels } from "../../src/formats/given-events";

const labels: GivenLabels = {
  classIds: { cat: "c1" as ClassId, dog: "c2" as ClassId, "a|b": "c3" as ClassId },
  annotator: "Me",
  step: "0001" as EventId,
  holdOutShare: 0,
  seed: 1,
  noneIsAnswer: false,
};
const answer = (part: Partial<GivenAnswer>): GivenAnswer => ({
  type: "classes",
  classes: ["cat"],
  annotator: null,
  at: null,
  slice: null,
  origin: "import",
  ...part,
});
const now = 2_000_000_000_000;

function events(given: Given, part: Partial<GivenLabels> | null = {}) {
  let made = 1;
  const nextId = () => String(++made).padStart(4, "0");
  const wish = part && { ...labels, ...part };
  return givenEvents("p" as ProjectId, "i" as ItemId, given, wish, nextId, now);
}

it("makes nothing unasked, of nothing, and of names that are no classes", () => {
  const nothing = { label: null, earlier: [] };
  expect(events({ given: "cat" }, null)).toEqual(nothing);
  expect(events({ given: null })).toEqual(nothing);
  expect(events({ given: "bird" })).toEqual(nothing);
  expect(events({ given: null, answers: [answer({ classes: ["constructor"] })] })).toEqual(nothing);
});

it("takes a name that is a class before it takes it apart", () => {
  expect(events({ given: "a|b" }).label?.answer).toEqual({ type: "classes", classIds: ["c3"] });
  expect(events({ given: "cat|dog" }).label?.answer).toEqual({ type: "classes", classIds: ["c1", "c2"] });
  expect(events({ given: "cat|cat" }).label?.answer).toEqual({ type: "classes", classIds: ["c1"] });
});

it("keeps every annotator and time, the newest answer last, and no time after now", () => {
  const { label, earlier } = events({
    given: "dog",
    answers: [
      answer({ annotator: "Ada", at: 5 }),
      answer({ annotator: "Ben", at: now + 9, classes: ["dog"] }),
    ],
  });
  expect(earlier.map(({ annotator, at }) => [annotator, at])).toEqual([["Ada", 5]]);
  expect(label).toMatchObject({ annotator: "Ben", at: now, origin: "import", answer: { classIds: ["c2"] } });
  const folded = foldEvents([...earlier, label!]);
  expect(folded.current("i" as ItemId)?.annotator).toBe("Ben");
  // The step is undone by whoever imported it, not by Ada or Ben.
  expect(folded.nextUndo("Me")).toBe(labels.step);
  expect(folded.nextUndo("Ada")).toBeNull();
});

it("holds out what the file holds out, and draws only where it says nothing", () => {
  expect(events({ given: null, answers: [answer({ slice: "hold-out" })] }).label?.slice).toBe("hold-out");
  expect(
    events({ given: null, answers: [answer({ slice: "train" })] }, { holdOutShare: 1 }).label?.slice,
  ).toBe("train");
  expect(events({ given: "cat" }, { holdOutShare: 1 }).label?.slice).toBe("hold-out");
});

it("keeps skips, and says of predictions that a model made them", () => {
  expect(events({ given: null, answers: [answer({ type: "skip", classes: [] })] }).label?.answer).toEqual({
    type: "skip",
  });
  expect(events({ given: "cat", answers: [answer({ origin: "model" })] }).label?.origin).toBe("model");
});

it("takes no class at all for an answer only where an item may have several", () => {
  const none = { given: null, answers: [answer({ classes: [] })] };
  expect(events(none).label).toBeNull();
  expect(events(none, { noneIsAnswer: true }).label?.answer).toEqual({ type: "classes", classIds: [] });
});
