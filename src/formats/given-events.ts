// Turns class names and answers that came with an item into label events, where the person asked for that.

import type { Answer, AnswerEvent } from "../core/event";
import type { ClassId, EventId, ItemId, ProjectId } from "../core/ids";
import { createRandom, hashText } from "../core/random";
import { splitClasses } from "./class-list";
import type { GivenAnswer } from "./reader";

/** How given class names become labels: null where the person did not say so. */
export interface GivenLabels {
  readonly classIds: Readonly<Record<string, ClassId>>;
  readonly annotator: string;
  /** The labels of one import are undone together. */
  readonly step: EventId;
  /** Share of given labels that goes to the hold-out, drawn by hash of item and seed. */
  readonly holdOutShare: number;
  readonly seed: number;
  /** Whether an answer that names no class is one: where an item may have several classes, or none. */
  readonly noneIsAnswer: boolean;
}

export interface Given {
  readonly given: string | null;
  readonly answers?: readonly GivenAnswer[];
}

export interface GivenEvents {
  readonly label: AnswerEvent | null;
  readonly earlier: readonly AnswerEvent[];
}

const nothing: GivenEvents = { label: null, earlier: [] };

/**
 * Nothing where the person did not ask, or none of the names is a class. Where the file does not say what is
 * held out, that depends on the item and the seed alone, so importing again draws the same.
 */
export function givenEvents(
  projectId: ProjectId,
  itemId: ItemId,
  { given, answers }: Given,
  labels: GivenLabels | null,
  nextId: () => string,
  now: number,
): GivenEvents {
  if (labels === null) return nothing;
  const known = (answers ?? plainAnswer(given, labels)).flatMap((one) => {
    const answer = translate(one, labels);
    return answer ? [{ ...one, answer }] : [];
  });
  const stated = known.map(({ slice }) => slice);
  const drawn = createRandom(hashText(itemId, labels.seed)).next() < labels.holdOutShare;
  const heldOut = stated.includes("hold-out") || (!stated.includes("train") && drawn);
  const events = known.map(({ answer, annotator, at, origin }): AnswerEvent => ({
    type: "answer",
    id: nextId() as EventId,
    step: labels.step,
    projectId,
    // A clock elsewhere may run ahead; nothing is answered after it is imported.
    at: Math.min(at ?? now, now),
    annotator: annotator ?? labels.annotator,
    ...(annotator !== null && annotator !== labels.annotator ? { importedBy: labels.annotator } : {}),
    itemId,
    answer,
    slice: heldOut ? "hold-out" : "train",
    origin,
    shown: null,
    tookMs: 0,
  }));
  const label = events.at(-1);
  return label ? { label, earlier: events.slice(0, -1) } : nothing;
}

function plainAnswer(given: string | null, labels: GivenLabels): GivenAnswer[] {
  if (given === null) return [];
  const classes = Object.hasOwn(labels.classIds, given) ? [given] : splitClasses(given);
  return [{ type: "classes", classes, annotator: null, at: null, slice: null, origin: "import" }];
}

function translate({ type, classes }: GivenAnswer, labels: GivenLabels): Answer | null {
  if (type !== "classes") return { type };
  // A cell may name a class twice; an item has it once.
  const classIds: ClassId[] = [...new Set(classes)].flatMap((name) =>
    Object.hasOwn(labels.classIds, name) ? labels.classIds[name]! : [],
  );
  if (classIds.length === 0 && (classes.length > 0 || !labels.noneIsAnswer)) return null;
  return { type: "classes", classIds };
}
