// The label event log: append-only, the one source of truth for every label, hold-out mark and undo.

import type { ClassId, EventId, ItemId, ProjectId } from "./ids";

/** What a person can say of an item. `classes` holds one id in single mode, any number in multiple mode. */
export type Answer =
  | { readonly type: "classes"; readonly classIds: readonly ClassId[] }
  /** Not now, or cannot be judged at all: not asked again. */
  | { readonly type: "skip" }
  /** Seen, but torn between classes: not asked again, not trained on, listed for review. */
  | { readonly type: "unsure" };

/** Where an answer goes: `train` is fitted on, `hold-out` never is. */
export type Slice = "train" | "hold-out";

/** Who made the label. */
export type Origin = "person" | "import" | "model";

/** What the person saw when they answered; null where nothing was shown (imports). */
export interface Shown {
  /** Round whose model and selection were on screen; 0 before the first. */
  readonly round: number;
  readonly strategyId: string;
  /** Whether the question came from the strategy, the seed set, the random slice, or the person's own click. */
  readonly source: QuestionSource;
  /** What the selection was about; left out by the first versions, and where nothing was selected. */
  readonly stage?: Stage;
  readonly guess: ClassId | null;
  /** Probability of the guess, 0 to 1. */
  readonly confidence: number | null;
}

export type QuestionSource = "seed" | "strategy" | "random" | "review" | "revisit";

/**
 * What a selection is about when it chooses a question. `cold-start`: coverage, there being no model.
 * `weighted-coverage`: coverage weighted by doubt. `refined`: that, after sifting with several strategies while the
 * machine was idle. `strategy`: whatever the chosen strategy is about. `arrivals`: an item that came later, judged
 * by itself. `random-slice`: drawn for the hold-out. `review`: a label that looks wrong, sent back. `meanwhile`:
 * drawn at random while there was no selection.
 */
export type Stage =
  | "cold-start"
  | "weighted-coverage"
  | "refined"
  | "strategy"
  | "arrivals"
  | "random-slice"
  | "review"
  | "meanwhile";

interface EventBase {
  readonly id: EventId;
  readonly projectId: ProjectId;
  readonly at: number;
  readonly annotator: string;
}

export interface AnswerEvent extends EventBase {
  readonly type: "answer";
  readonly itemId: ItemId;
  readonly answer: Answer;
  readonly slice: Slice;
  readonly origin: Origin;
  readonly shown: Shown | null;
  /** From painted to answered; 0 for imports. */
  readonly tookMs: number;
  /** Who brought it in, where that is not the annotator: its step is theirs to undo. */
  readonly importedBy?: string;
  /** Events of one step are undone together. The id of the step's first event. */
  readonly step: EventId;
  /** Answers of different people that this one decides between; see conflicts.ts. */
  readonly settles?: readonly EventId[];
}

/** Takes back, or puts back, a whole step. */
export interface RevokeEvent extends EventBase {
  readonly type: "undo" | "redo";
  readonly step: EventId;
}

export type LabelEvent = AnswerEvent | RevokeEvent;

/** Whether two answers say the same, in whatever order they name the classes. */
export function sameAnswer(one: Answer, other: Answer): boolean {
  return meaningOf(one) === meaningOf(other);
}

/** Equal for answers that say the same. */
export function meaningOf(answer: Answer): string {
  return answer.type === "classes" ? [...answer.classIds].sort().join(" ") : answer.type;
}
