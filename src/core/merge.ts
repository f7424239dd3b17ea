// Brings another log of the same work into a project: matches its classes and gives its events the ids and
// classes they have here. The union of two logs needs no more, because labels are a fold over the set.

import type { LabelEvent } from "./event";
import type { ClassId, EventId, ItemId, ProjectId } from "./ids";
import type { LabelClass } from "./project";
import { hashText } from "./random";

export interface ClassMatch {
  /** The id here of each class there. */
  readonly ids: ReadonlyMap<ClassId, ClassId>;
  /** Classes only they have; they keep their ids. */
  readonly missing: readonly LabelClass[];
}

/** By id first, then by name, ignoring case and outer blanks: two people who began apart used the same words. */
export function matchClasses(here: readonly LabelClass[], there: readonly LabelClass[]): ClassMatch {
  const known = new Set(here.map(({ id }) => id));
  const byName = new Map(here.filter(({ removed }) => !removed).map(({ id, name }) => [folded(name), id]));
  const ids = new Map<ClassId, ClassId>();
  const missing: LabelClass[] = [];
  for (const one of there) {
    const match = known.has(one.id) ? one.id : one.removed ? undefined : byName.get(folded(one.name));
    ids.set(one.id, match ?? one.id);
    if (match === undefined) missing.push(one);
  }
  return { ids, missing };
}

export interface Merge {
  /** What is new here, ready to be stored. */
  readonly events: readonly LabelEvent[];
  /** Answers that are here already. */
  readonly known: number;
  /** Answers to items this project does not have; they are left out. */
  readonly withoutItem: number;
}

export interface MergeInto {
  readonly projectId: ProjectId;
  readonly classIds: ReadonlyMap<ClassId, ClassId>;
  hasItem(itemId: ItemId): boolean;
  /** The project an event of that id is stored with, null where there is none. Ids are unique over all projects. */
  ownerOf(id: EventId): ProjectId | null;
  /** The name an annotator goes by here. */
  nameOf(annotator: string): string;
}

/** Merging the same events again finds all of them known. */
export function mergeEvents(into: MergeInto, events: readonly LabelEvent[]): Merge {
  const answers = events.filter((event) => event.type === "answer");
  const present = answers.filter(({ itemId }) => into.hasItem(itemId));
  const steps = new Set(present.map(({ step }) => step));
  // An undo of a step of which nothing comes in would take nothing back.
  const revokes = events.filter((event) => event.type !== "answer" && steps.has(event.step));
  const isKnown = ({ id }: LabelEvent) => into.ownerOf(idHere(id, into)) === into.projectId;
  return {
    events: [...present, ...revokes]
      .filter((event) => !isKnown(event))
      .map((event) => translate(event, into)),
    known: present.filter(isKnown).length,
    withoutItem: answers.length - present.length,
  };
}

function translate(event: LabelEvent, into: MergeInto): LabelEvent {
  const { projectId } = into;
  const annotator = into.nameOf(event.annotator);
  const by = event.type === "answer" ? event.importedBy : undefined;
  const moved = {
    ...event,
    projectId,
    annotator,
    ...(by !== undefined && { importedBy: into.nameOf(by) }),
    id: idHere(event.id, into),
    step: idHere(event.step, into),
  };
  if (moved.type !== "answer") return moved;
  const { answer, shown, settles } = moved;
  const classHere = (id: ClassId) => into.classIds.get(id) ?? id;
  // Two of their classes may be one here, which an item has once.
  const classesHere = (ids: readonly ClassId[]) => [...new Set(ids.map(classHere))];
  return {
    ...moved,
    answer: answer.type === "classes" ? { ...answer, classIds: classesHere(answer.classIds) } : answer,
    shown: shown && { ...shown, guess: shown.guess && classHere(shown.guess) },
    ...(settles && { settles: settles.map((id) => idHere(id, into)) }),
  };
}

function idHere(id: EventId, into: MergeInto): EventId {
  const owner = into.ownerOf(id);
  return owner === null || owner === into.projectId ? id : derivedId(id, into.projectId);
}

const timeDigits = 10;
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Another id of the same moment, the same one each time, for an event that another project has as well. */
function derivedId(id: EventId, projectId: ProjectId): EventId {
  let derived = id.slice(0, timeDigits);
  for (let at = 0; derived.length < id.length; at++)
    derived += digits[hashText(`${at} ${projectId} ${id}`) % digits.length];
  return derived as EventId;
}

function folded(name: string): string {
  return name.trim().normalize("NFC").toLowerCase();
}
