// Turns a class name that came with an item into a label event, where the person asked for that.

import type { AnswerEvent } from "../../src/core/event";
import type { EventId, ItemId, ProjectId } from "../../src/core/ids";
import { createRandom, hashText } from "../../src/core/random";
import { splitClasses } from "../../src/formats/class-list";
import type { GivenLabels } from "../api";

/**
 * null where there is no given name, none of its names is a class, or the person did not ask. Whether it
 * goes to the hold-out depends on the item and the seed alone, so importing again draws the same.
 */
export function givenLabel(
  projectId: ProjectId,
  itemId: ItemId,
  given: string | null,
  labels: GivenLabels | null,
  nextId: () => string,
  at: number,
): AnswerEvent | null {
  if (given === null || labels === null) return null;
  const whole = labels.classIds[given];
  const names = whole ? [given] : splitClasses(given);
  const classIds = names.flatMap((name) => labels.classIds[name] ?? []);
  if (classIds.length === 0) return null;
  const drawn = createRandom(hashText(itemId, labels.seed)).next();
  return {
    type: "answer",
    id: nextId() as EventId,
    step: labels.step,
    projectId,
    at,
    annotator: labels.annotator,
    itemId,
    answer: { type: "classes", classIds },
    slice: drawn < labels.holdOutShare ? "hold-out" : "train",
    origin: "import",
    shown: null,
    tookMs: 0,
  };
}
