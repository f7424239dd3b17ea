// What a project is: the task, its classes and its settings. The items and events live beside it in storage.

import type { ClassId, ProjectId } from "./ids";
import type { Plan } from "./plan";

export type ItemKind = "image" | "text";
/** `single`: exactly one class an item. `multiple`: any number, none included. */
export type AnswerMode = "single" | "multiple";

export interface LabelClass {
  readonly id: ClassId;
  readonly name: string;
  /** CSS colour, `#rrggbb`. */
  readonly color: string;
  /** One character that answers with this class, or "" when the keyboard has run out. */
  readonly key: string;
  /** A sentence that says what belongs here. */
  readonly definition: string;
  /**
   * A removed class keeps its record, because events name it. Its labels count as none while it is removed
   * and come back when it is restored.
   */
  readonly removed: boolean;
}

export interface ProjectSettings {
  readonly strategyId: string;
  readonly strategyParameters: Readonly<Record<string, number>>;
  /** What stands around the strategy, whichever it is (selection/wrappers.ts), by id; what is missing is initial. */
  readonly wrapperParameters?: Readonly<Record<string, number>>;
  readonly headId: string;
  /** Of that head; what is missing has its initial value. */
  readonly headParameters: Readonly<Record<string, number>>;
  /** What turns items into embeddings: an encoder's or a pretrained model's id; null for the kind's own. */
  readonly encoderId: string | null;
  /** Answers between two refits, 1 to 100; null lets the machine go by what a refit takes (pace.ts). */
  readonly refitEvery: number | null;
  /** Questions chosen by one selection, 1 to 100. */
  readonly batchSize: number;
  /** Share of questions drawn at random for the hold-out, 0 to 0.5. */
  readonly randomShare: number;
  /** Share of questions that send back a label which looks wrong, 0 to 0.5; none where it is left out. */
  readonly reviewShare?: number;
  /** Share of the items that come later which may be asked about first, 0 to 1; none where it is left out. */
  readonly arrivalBudget?: number;
  /** The hold-out stops growing at this many labels. */
  readonly holdOutTarget: number;
  /** Answers in the seed set, asked before there is a model. */
  readonly seedSize: number;
  /** Everything random in this project is drawn from this seed. */
  readonly seed: number;
}

export interface Project {
  readonly id: ProjectId;
  readonly name: string;
  readonly kind: ItemKind;
  readonly answerMode: AnswerMode;
  readonly classes: readonly LabelClass[];
  readonly guidelines: string;
  readonly settings: ProjectSettings;
  /** Left out where the project began without one. */
  readonly plan?: Plan;
  readonly createdAt: number;
  readonly changedAt: number;
}

export const defaultSettings: Omit<ProjectSettings, "seed"> = {
  strategyId: "auto",
  strategyParameters: {},
  // Ahead of the others with the labels that `auto` chooses (test/bench/README.md).
  headId: "pool-ridge",
  headParameters: {},
  encoderId: null,
  refitEvery: null,
  batchSize: 10,
  randomShare: 0.1,
  // Wilson half-width at 90% accuracy is 4 points with 200 labels.
  holdOutTarget: 200,
  seedSize: 10,
};

export function activeClasses(project: Pick<Project, "classes">): LabelClass[] {
  return project.classes.filter((one) => !one.removed);
}
