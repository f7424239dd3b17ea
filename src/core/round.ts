// One turn of the loop as data: what a round was given and what it found. `runRound` (run-round.ts) is the
// pure function between the two.

import type { QuestionSource, Stage } from "./event";
import type { ClassId, Row } from "./ids";
import type { Tier } from "./kernels/kernels";
import type { TermTrial } from "./learning/head";
import type { Model } from "./learning/model";
import type { AnswerMode, ProjectSettings } from "./project";
import type { PoolOpinion } from "./monitoring/pool-opinion";

/** A labelled row: indices into `RoundInput.classIds`; empty only in multiple mode. */
export interface LabelledRow {
  readonly row: Row;
  readonly classes: readonly number[];
}

export interface RoundInput {
  readonly number: number;
  /** A look between two rounds, for the queue alone: it draws anew after each answer and is not kept. */
  readonly between?: boolean;
  readonly answerMode: AnswerMode;
  /** The active classes, in the order the head will have them. */
  readonly classIds: readonly ClassId[];
  readonly train: readonly LabelledRow[];
  readonly holdOut: readonly LabelledRow[];
  /** Rows that may be asked about, ascending. */
  readonly candidates: Uint32Array;
  /** Questions asked so far, the one in view included; as many as there are labels where it is left out. */
  readonly asked?: number;
  /** Labelled rows that were sent back once, which is not done again; none where it is left out. */
  readonly reviewed?: Uint32Array;
  /** The first row that came after there was a model; null or left out where none did. */
  readonly arrivedFrom?: number | null;
  /** Rows that people skipped or were unsure of, ascending; none where it is left out. */
  readonly passed?: Uint32Array;
  readonly settings: ProjectSettings;
}

/** A share with its 95% interval, 0 to 1, and the number of items behind it. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

export interface ClassReport {
  readonly classId: ClassId;
  /** Items of the hold-out that truly have this class. */
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface Evaluation {
  readonly count: number;
  /** Wilson interval. In multiple mode: all classes of the item right. */
  readonly accuracy: Estimate;
  /**
   * Mean F1 over the classes that the hold-out or the predictions hold at all. Bootstrap percentile interval
   * over items, 1,000 seeded draws.
   */
  readonly macroF1: Estimate;
  readonly perClass: readonly ClassReport[];
  /** classes × classes, row-major: true class by row, predicted by column. Empty in multiple mode. */
  readonly confusion: readonly number[];
}

/** A labelled item beside a question. */
export interface Neighbour {
  readonly row: Row;
  /** Inner product of their embeddings, at most 1. */
  readonly similarity: number;
}

export interface Question {
  readonly row: Row;
  readonly source: QuestionSource;
  readonly score: number;
  readonly reason: string;
  /** What the selection was about when it chose this; rounds stored by the first versions have none. */
  readonly stage?: Stage;
  /** The labelled items most like it, most alike first. Rounds stored by the first versions have none. */
  readonly nearest?: readonly Neighbour[];
  /** The head's guess as an index into classIds, and its probability; null before there is a head. */
  readonly guess: number | null;
  readonly confidence: number | null;
  /** All class probabilities, for the bars beside the classes; empty before there is a head. */
  readonly probabilities: readonly number[];
}

/** How far two models, some labels apart, say the same of a fixed sample of the items. */
export interface Agreement {
  /** Labels between the two models. */
  readonly labels: number;
  readonly rows: number;
  /** Rows of which the newer one says something else. */
  readonly changed: number;
  /** Cohen's kappa; 1 where both say one class of everything. */
  readonly kappa: number;
}

export interface Round {
  readonly number: number;
  readonly classIds: readonly ClassId[];
  readonly trainCount: number;
  readonly holdOutCount: number;
  /** What chose the questions: the strategy of the settings, or the one for the seed set. */
  readonly strategyId: string;
  readonly headId: string;
  readonly seed: number;
  /** null where there are too few labels for a head. */
  readonly model: Model | null;
  /** Why a simpler head stood in for the one of the settings, as a sentence; null where none did. */
  readonly fallback: string | null;
  /** What words were found to be worth; null where nobody asked, left out by the first versions. */
  readonly terms?: TermTrial | null;
  readonly evaluation: Evaluation | null;
  /** In asking order. */
  readonly questions: readonly Question[];
  /** Mean normalised entropy over the candidates, 0 to 1; null before there is a head or when none are left. */
  readonly poolUncertainty: number | null;
  /** Against a model some labels ago; null where none was compared, left out by the first versions. */
  readonly agreement?: Agreement | null;
  /** Of the items not asked yet; null before there is a head, left out by the first versions. */
  readonly opinion?: PoolOpinion | null;
  readonly tier: Tier;
  /** Milliseconds of fit, score and select, measured by the caller's clock. */
  readonly cost: { readonly fitMs: number; readonly scoreMs: number; readonly selectMs: number };
}

/** What a look between two rounds found. */
export interface Refreshed extends Pick<Round, "classIds" | "strategyId" | "questions" | "cost"> {
  /** How the head came about. */
  readonly fit: "full" | "update";
  readonly hasHead: boolean;
}
