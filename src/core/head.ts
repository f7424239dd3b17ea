// The contract of a head: the classifier over embeddings. One file each in ./heads.

import type { StopSignal } from "./errors";
import type { Activation, LinearLayer } from "./kernels";
import type { Parameter } from "./parameter";
import type { AnswerMode } from "./project";

export interface TrainingSet {
  /** Row-major, rows × dims. */
  readonly features: Float32Array;
  readonly rows: number;
  readonly dims: number;
  /** rows × classes of 0 and 1; in single mode exactly one 1 a row. */
  readonly targets: Uint8Array;
  readonly classes: number;
}

export interface FittedHead {
  readonly layer: LinearLayer;
  readonly activation: Activation;
  /** Value of the penalised loss at the end, for tests and the record. */
  readonly loss: number;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface Head {
  /** The file name. */
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  readonly paper?: string;
  readonly modes: readonly AnswerMode[];
  readonly parameters: readonly Parameter[];
  /**
   * Fits from `warm` where its shape matches, else from zero. Deterministic.
   * @throws TooFewLabels when fewer than two outcomes are in the targets.
   */
  fit(
    training: TrainingSet,
    parameters: Readonly<Record<string, number>>,
    warm: LinearLayer | null,
    stop: StopSignal | null,
  ): FittedHead;
}
