// What the label state means for training, given the classes a project has now: who is fitted on, who is the
// yardstick, who is set aside, and who may still be asked about.

import type { ClassId, ItemId } from "./ids";
import type { LabelState } from "./labels";
import type { Project } from "./project";

export type Standing = "train" | "hold-out" | "skipped" | "unsure" | "waiting";

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
  readonly skipped: ReadonlySet<ItemId>;
  readonly unsure: ReadonlySet<ItemId>;
  /** Every item that is not waiting for an answer. */
  readonly settled: { has(itemId: ItemId): boolean; readonly size: number };
  standing(itemId: ItemId): Standing;
}

interface Lists {
  readonly train: Map<ItemId, readonly ClassId[]>;
  readonly holdOut: Map<ItemId, readonly ClassId[]>;
  readonly skipped: Set<ItemId>;
  readonly unsure: Set<ItemId>;
}

/**
 * A removed class counts as not said: in single mode its items wait again, in multiple mode it is dropped
 * from the set. A label that names no active class of this project in single mode counts as none.
 */
export function trainingView(
  state: LabelState,
  project: Pick<Project, "classes" | "answerMode">,
): TrainingView {
  const classIds = project.classes.filter(({ removed }) => !removed).map(({ id }) => id);
  const active = new Set(classIds);
  const single = project.answerMode === "single";

  function classesOf(answered: readonly ClassId[]): readonly ClassId[] | null {
    const kept = answered.every((id) => active.has(id)) ? answered : answered.filter((id) => active.has(id));
    return single && kept.length !== 1 ? null : kept;
  }

  function standing(itemId: ItemId): Standing {
    const answer = state.current(itemId)?.answer;
    if (!answer) return "waiting";
    if (answer.type === "skip") return "skipped";
    if (answer.type === "unsure") return "unsure";
    return classesOf(answer.classIds) ? state.slice(itemId)! : "waiting";
  }

  let made: Lists | null = null;
  function lists(): Lists {
    if (made) return made;
    made = { train: new Map(), holdOut: new Map(), skipped: new Set(), unsure: new Set() };
    for (const [itemId, { current, slice }] of state.items) {
      if (!current) continue;
      const { answer } = current;
      if (answer.type === "skip") made.skipped.add(itemId);
      else if (answer.type === "unsure") made.unsure.add(itemId);
      else {
        const classes = classesOf(answer.classIds);
        if (classes) made[slice === "hold-out" ? "holdOut" : "train"].set(itemId, classes);
      }
    }
    return made;
  }

  return {
    classIds,
    get train() {
      return lists().train;
    },
    get holdOut() {
      return lists().holdOut;
    },
    get skipped() {
      return lists().skipped;
    },
    get unsure() {
      return lists().unsure;
    },
    settled: {
      has: (itemId) => standing(itemId) !== "waiting",
      get size() {
        const { train, holdOut, skipped, unsure } = lists();
        return train.size + holdOut.size + skipped.size + unsure.size;
      },
    },
    standing,
  };
}
