// What the label state means for training, given the classes a project has now: who is fitted on, who is the
// yardstick, who is set aside, and who may still be asked about.

import type { ClassId, ItemId } from "./ids";
import type { LabelState } from "./labels";
import type { Project } from "./project";

/** `machine`: labelled by the machine at the person's word; neither trained on nor a yardstick. */
export type Standing = "train" | "hold-out" | "machine" | "skipped" | "unsure" | "waiting";

/**
 * A view of the live label state: make a new one after each change. Asking about one item is constant time;
 * the lists are made when first read.
 */
export interface TrainingView {
  /** The active classes, in the project's order. */
  readonly classIds: readonly ClassId[];
  /** Items fitted on, with their active classes: exactly one in single mode, any number in multiple mode. */
  readonly train: ReadonlyMap<ItemId, readonly ClassId[]>;
  readonly holdOut: ReadonlyMap<ItemId, readonly ClassId[]>;
  /** Items whose newest label was made by the machine. A model that learnt from them would confirm itself. */
  readonly machine: ReadonlyMap<ItemId, readonly ClassId[]>;
  readonly skipped: ReadonlySet<ItemId>;
  readonly unsure: ReadonlySet<ItemId>;
  /** Every item that is not waiting for an answer. */
  readonly settled: { has(itemId: ItemId): boolean; readonly size: number };
  standing(itemId: ItemId): Standing;
  /** Active classes of a labelled item, whoever labelled it; undefined where it has no label. */
  classesOf(itemId: ItemId): readonly ClassId[] | undefined;
}

interface Lists {
  readonly train: Map<ItemId, readonly ClassId[]>;
  readonly holdOut: Map<ItemId, readonly ClassId[]>;
  readonly machine: Map<ItemId, readonly ClassId[]>;
  readonly skipped: Set<ItemId>;
  readonly unsure: Set<ItemId>;
}

/** The training view of a log that grows, kept up to date item by item. */
export interface LiveTrainingView {
  /** A new object after each change; its lists are the same ones, brought up to date. */
  readonly view: TrainingView;
  /** After events were folded: the items they said something about. */
  update(itemIds: readonly ItemId[]): void;
}

/**
 * A removed class counts as not said: in single mode its items wait again, in multiple mode it is dropped
 * from the set. A label that names no active class of this project in single mode counts as none.
 */
export function trainingView(
  state: LabelState,
  project: Pick<Project, "classes" | "answerMode">,
): TrainingView {
  return viewOf(new Sorted(state, project));
}

/** As `trainingView`, but a change costs as much as the items it is about, not as all labels there are. */
export function liveTrainingView(
  state: LabelState,
  project: Pick<Project, "classes" | "answerMode">,
): LiveTrainingView {
  const sorted = new Sorted(state, project);
  let view = viewOf(sorted);
  return {
    get view() {
      return view;
    },
    update(itemIds) {
      for (const itemId of itemIds) sorted.refresh(itemId);
      view = viewOf(sorted);
    },
  };
}

function viewOf(sorted: Sorted): TrainingView {
  return {
    classIds: sorted.classIds,
    get train() {
      return sorted.lists.train;
    },
    get holdOut() {
      return sorted.lists.holdOut;
    },
    get machine() {
      return sorted.lists.machine;
    },
    get skipped() {
      return sorted.lists.skipped;
    },
    get unsure() {
      return sorted.lists.unsure;
    },
    settled: {
      has: (itemId) => sorted.standing(itemId) !== "waiting",
      get size() {
        const { train, holdOut, machine, skipped, unsure } = sorted.lists;
        return train.size + holdOut.size + machine.size + skipped.size + unsure.size;
      },
    },
    standing: (itemId) => sorted.standing(itemId),
    classesOf(itemId) {
      const { train, holdOut, machine } = sorted.lists;
      return train.get(itemId) ?? holdOut.get(itemId) ?? machine.get(itemId);
    },
  };
}

/** The labelled items sorted into their lists, which are made when first asked for. */
class Sorted {
  readonly classIds: readonly ClassId[];
  readonly #state: LabelState;
  readonly #active: ReadonlySet<ClassId>;
  readonly #single: boolean;
  #lists: Lists | null = null;

  constructor(state: LabelState, { classes, answerMode }: Pick<Project, "classes" | "answerMode">) {
    this.#state = state;
    this.classIds = classes.filter(({ removed }) => !removed).map(({ id }) => id);
    this.#active = new Set(this.classIds);
    this.#single = answerMode === "single";
  }

  get lists(): Lists {
    if (this.#lists) return this.#lists;
    this.#lists = {
      train: new Map(),
      holdOut: new Map(),
      machine: new Map(),
      skipped: new Set(),
      unsure: new Set(),
    };
    for (const itemId of this.#state.items.keys()) this.#put(this.#lists, itemId);
    return this.#lists;
  }

  standing(itemId: ItemId): Standing {
    const current = this.#state.current(itemId);
    if (!current) return "waiting";
    const { answer, origin } = current;
    if (answer.type === "skip") return "skipped";
    if (answer.type === "unsure") return "unsure";
    if (!this.#classesOf(answer.classIds)) return "waiting";
    return origin === "model" ? "machine" : this.#state.slice(itemId)!;
  }

  refresh(itemId: ItemId): void {
    const lists = this.#lists;
    if (!lists) return;
    for (const list of Object.values(lists) as Lists[keyof Lists][]) list.delete(itemId);
    this.#put(lists, itemId);
  }

  #put(lists: Lists, itemId: ItemId): void {
    const standing = this.standing(itemId);
    if (standing === "skipped" || standing === "unsure") lists[standing].add(itemId);
    if (standing !== "train" && standing !== "hold-out" && standing !== "machine") return;
    const { answer } = this.#state.current(itemId)!;
    const classes = answer.type === "classes" ? this.#classesOf(answer.classIds)! : [];
    lists[standing === "hold-out" ? "holdOut" : standing].set(itemId, classes);
  }

  #classesOf(answered: readonly ClassId[]): readonly ClassId[] | null {
    const active = this.#active;
    const kept = answered.every((id) => active.has(id)) ? answered : answered.filter((id) => active.has(id));
    return this.#single && kept.length !== 1 ? null : kept;
  }
}
