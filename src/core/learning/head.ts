// The contract of a head: the classifier over embeddings. One file each in ./heads.

import type { LinearProducts } from "./linear-products";
import type { StopSignal } from "../errors";
import type { NeighbourGraph } from "../graph/graph";
import type { LinearLayer } from "../kernels/kernels";
import type { Model } from "./model";
import type { Parameter } from "../parameter";
import type { AnswerMode } from "../project";
import type { Random } from "../random";
import type { Steps } from "../steps";

export interface TrainingSet {
  /** Row-major, rows × dims. */
  readonly features: Float32Array;
  readonly rows: number;
  readonly dims: number;
  /** rows × classes of 0 and 1; in single mode exactly one 1 a row. */
  readonly targets: Uint8Array;
  readonly classes: number;
  /** Where each row stands among all items; each once. */
  readonly places: Uint32Array;
  /** What fits may multiply with; core's own products unless given. */
  readonly products?: LinearProducts | undefined;
}

/** All items, labels apart. Heads may look at them; the hold-out is among them. */
export interface HeadPool {
  /** Row-major, rows × dims. */
  readonly values: Float32Array;
  readonly rows: number;
  /** Of the heads that need it; null for the others, and where the caller has none. */
  readonly graph: NeighbourGraph | null;
}

/** What a head needs besides labels. `graph`: the neighbour graph over all items. */
export type HeadNeed = "graph";

/** What a head knows of its own doubt, beyond one model's probabilities (./posterior reads it). */
export type Posterior =
  | { readonly kind: "members"; readonly layers: readonly LinearLayer[] }
  /** Covariance of the weights of any one class: root · rootᵀ, with root dims × dims, row-major. */
  | { readonly kind: "gaussian"; readonly dims: number; readonly root: Float32Array };

export interface FittedHead {
  /** The point estimate, calibrated: what is exported, and what predicts where there is no posterior. */
  readonly model: Model;
  readonly posterior: Posterior | null;
  /** What the logits were divided by; the model holds the result. 1 where nothing was calibrated. */
  readonly temperature: number;
  /** Why a simpler head stands in, as a sentence for the person; null where none does. */
  readonly fallback: string | null;
  /** Value of the penalised loss at the end, before calibration, for tests and the record. */
  readonly loss: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** What came of asking whether words make the model better; left out where nobody asked. */
  readonly terms?: TermTrial;
}

/** What terms of texts were worth on labelled rows that neither model had learnt from. */
export interface TermTrial {
  /** Whether the model reads them. */
  readonly used: boolean;
  readonly tested: number;
  /** Rows of those that the model is right on without and with them. */
  readonly rightWithout: number;
  readonly rightWith: number;
}

export interface HeadTools {
  readonly pool: HeadPool;
  /** Of the project: what the targets mean, for heads that know several modes. */
  readonly answerMode: AnswerMode;
  /** Of the project, not of the round, so that folds and samples stay while labels come. */
  readonly random: Random;
  readonly stop: StopSignal | null;
}

export interface Head {
  /** The file name. */
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  readonly paper?: string;
  readonly modes: readonly AnswerMode[];
  readonly needs: readonly HeadNeed[];
  readonly parameters: readonly Parameter[];
  /**
   * Fits from `warm` where its kind and shape match and the head can, else from nothing. Deterministic.
   * @throws TooFewLabels when fewer than two outcomes are in the targets; Stopped when told to stop.
   */
  fit(
    training: TrainingSet,
    parameters: Readonly<Record<string, number>>,
    warm: Model | null,
    tools: HeadTools,
  ): FittedHead;
  /** The same in short steps, of heads that take long: between them a stop is heard. */
  readonly fitInSteps?: (...given: Parameters<Head["fit"]>) => Steps<FittedHead>;
}

/** The fit of any head: in its steps, or as one. */
export function* fitSteps(head: Head, ...given: Parameters<Head["fit"]>): Steps<FittedHead> {
  return head.fitInSteps ? yield* head.fitInSteps(...given) : head.fit(...given);
}
