// The contract of a query strategy: which unlabelled rows to ask about next. One file each in ./strategies.

import type { StopSignal } from "../errors";
import type { Kernels, ResidentMatrix, Scores } from "../kernels/kernels";
import type { Parameter } from "../parameter";
import type { Random } from "../random";

export type Need = "probabilities" | "labels";

export interface Pool {
  /** All items of the project, N × d, rows of length 1. */
  readonly embeddings: ResidentMatrix;
  /** Rows that may be asked about, ascending, without repeats. */
  readonly candidates: Uint32Array;
  /** Rows with a label that is trained on, ascending. */
  readonly labelled: Uint32Array;
  /** Scores of all N rows under the present head; null before there is one. */
  readonly scores: Scores | null;
  /** Classes in `scores.probabilities`; 0 before there is a head. */
  readonly classes: number;
}

export interface Pick {
  readonly row: number;
  /** What the strategy ranked it by; higher was asked for more. */
  readonly score: number;
  /** One short sentence in the person's words: why this item. */
  readonly reason: string;
}

export interface Tools {
  readonly kernels: Kernels;
  readonly random: Random;
  /** Resolved values of the strategy's own parameters. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly stop: StopSignal | null;
}

export interface Strategy {
  /** The file name. */
  readonly id: string;
  /** As shown in menus. */
  readonly label: string;
  /** One sentence: what it prefers, and when it helps. */
  readonly summary: string;
  /** Who proposed it: authors, title, year. */
  readonly paper?: string;
  readonly needs: readonly Need[];
  readonly parameters: readonly Parameter[];
  /**
   * Chooses exactly `count` different candidates, best first. Ties go to the lowest row. Does not change the
   * pool.
   * @throws PoolExhausted when count exceeds the candidates; Stopped when told to stop.
   */
  select(pool: Pool, count: number, tools: Tools): Promise<Pick[]>;
}
