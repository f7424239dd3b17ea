// The fold over label events: what is said of each item now, what was said before, and what undo and redo
// would touch. Everything follows from the set of events alone, whatever order they arrive in, so that merged
// logs and late events of another tab end in the same labels.

import type { AnswerEvent, LabelEvent, RevokeEvent, Slice } from "./event";
import type { EventId, ItemId } from "./ids";

// Callers that fold also want the view; the file is its own because it changes for other reasons.
export { liveTrainingView, trainingView, type Standing, type TrainingView } from "./training-view";

interface ItemRecord {
  /** Every answer, undone ones too, by id. */
  readonly history: AnswerEvent[];
  current: AnswerEvent | null;
  slice: Slice;
}

interface StepRecord {
  readonly id: EventId;
  /** By id; empty while only an undo of the step has arrived. */
  readonly answers: AnswerEvent[];
  readonly toggles: RevokeEvent[];
  /** The undo in force, null while the step counts. */
  revokedBy: EventId | null;
}

/** Read it through its methods; only `applyEvent` changes it. */
export class LabelState {
  readonly items = new Map<ItemId, ItemRecord>();
  readonly seen = new Set<EventId>();
  readonly steps = new Map<EventId, StepRecord>();
  /** Steps in force, by id. */
  readonly undoable: StepRecord[] = [];
  /** Undone steps, by the undo in force. */
  readonly undone: StepRecord[] = [];
  /** The newest step of each annotator, undone or not. */
  readonly newestSteps = new Map<string, EventId>();

  /** The latest answer that is not undone. */
  current(itemId: ItemId): AnswerEvent | null {
    return this.items.get(itemId)?.current ?? null;
  }

  /**
   * Where the item goes; null where nothing is said of it. One answer in the hold-out keeps the item there
   * whatever is answered later, because a yardstick that was trained on measures nothing.
   */
  slice(itemId: ItemId): Slice | null {
    const record = this.items.get(itemId);
    return record?.current ? record.slice : null;
  }

  /** Every answer to the item, undone ones too, oldest first. */
  history(itemId: ItemId): readonly AnswerEvent[] {
    return this.items.get(itemId)?.history ?? [];
  }

  /** The answers of one step, oldest first. */
  step(id: EventId): readonly AnswerEvent[] {
    return this.steps.get(id)?.answers ?? [];
  }

  isUndone(step: EventId): boolean {
    return this.steps.get(step)?.revokedBy != null;
  }

  /** The newest step in force: of this annotator, or of anybody where none is named. */
  nextUndo(annotator?: string): EventId | null {
    return this.undoable.findLast((step) => isBy(step, annotator))?.id ?? null;
  }

  /** The step undone last, unless its annotator has answered anew since. */
  nextRedo(annotator?: string): EventId | null {
    const isOpen = (step: StepRecord) => step.revokedBy! > this.newestSteps.get(ownerOf(step))!;
    return this.undone.findLast((step) => isBy(step, annotator) && isOpen(step))?.id ?? null;
  }
}

export function createLabelState(): LabelState {
  return new LabelState();
}

/** The events may be in any order and may repeat. */
export function foldEvents(events: Iterable<LabelEvent>): LabelState {
  const state = createLabelState();
  for (const event of events) applyEvent(state, event);
  return state;
}

/**
 * Takes one more event in; an event seen before changes nothing. An answer that is the newest costs constant
 * time, an undo or redo as much as its step is long.
 * @returns the items it says something about.
 */
export function applyEvent(state: LabelState, event: LabelEvent): ItemId[] {
  if (state.seen.has(event.id)) return [];
  state.seen.add(event.id);
  return event.type === "answer" ? applyAnswer(state, event) : applyToggle(state, event);
}

function applyAnswer(state: LabelState, event: AnswerEvent): ItemId[] {
  const step = stepRecord(state, event.step);
  const isNew = step.answers.length === 0;
  insertSorted(step.answers, event, idOf);
  if (isNew) {
    place(state, step);
    const owner = event.importedBy ?? event.annotator;
    const newest = state.newestSteps.get(owner);
    if (newest === undefined || newest < step.id) state.newestSteps.set(owner, step.id);
  }
  let record = state.items.get(event.itemId);
  if (!record) state.items.set(event.itemId, (record = { history: [], current: null, slice: "train" }));
  insertSorted(record.history, event, idOf);
  refresh(state, record);
  return [event.itemId];
}

function applyToggle(state: LabelState, event: RevokeEvent): ItemId[] {
  const step = stepRecord(state, event.step);
  if (step.answers.length > 0) displace(state, step);
  insertSorted(step.toggles, event, idOf);
  // Of several undos in a row the first is in force and the others change nothing.
  const lastRedo = step.toggles.findLastIndex(({ type }) => type === "redo");
  step.revokedBy = step.toggles[lastRedo + 1]?.id ?? null;
  if (step.answers.length > 0) place(state, step);
  const itemIds = [...new Set(step.answers.map(({ itemId }) => itemId))];
  for (const itemId of itemIds) refresh(state, state.items.get(itemId)!);
  return itemIds;
}

function stepRecord(state: LabelState, id: EventId): StepRecord {
  let step = state.steps.get(id);
  if (!step) state.steps.set(id, (step = { id, answers: [], toggles: [], revokedBy: null }));
  return step;
}

function place(state: LabelState, step: StepRecord): void {
  if (step.revokedBy === null) insertSorted(state.undoable, step, idOf);
  else insertSorted(state.undone, step, (one) => one.revokedBy!);
}

function displace(state: LabelState, step: StepRecord): void {
  const list = step.revokedBy === null ? state.undoable : state.undone;
  list.splice(list.lastIndexOf(step), 1);
}

function refresh(state: LabelState, record: ItemRecord): void {
  const active = record.history.filter(({ step }) => !state.isUndone(step));
  record.current = active.at(-1) ?? null;
  record.slice = active.some(({ slice }) => slice === "hold-out") ? "hold-out" : "train";
}

function ownerOf(step: StepRecord): string {
  const { importedBy, annotator } = step.answers[0]!;
  return importedBy ?? annotator;
}

function isBy(step: StepRecord, annotator: string | undefined): boolean {
  return annotator === undefined || ownerOf(step) === annotator;
}

function idOf(one: { readonly id: EventId }): EventId {
  return one.id;
}

/** Nearly always the newest, so the place is looked for from the end. */
function insertSorted<T>(list: T[], value: T, keyOf: (value: T) => string): void {
  const key = keyOf(value);
  let at = list.length;
  while (at > 0 && keyOf(list[at - 1]!) > key) at--;
  if (at === list.length) list.push(value);
  else list.splice(at, 0, value);
}
