// The contract of a query strategy: which unlabelled rows to ask about next. One file each in ./strategies.

import type { StopSignal } from "../errors";
import type { Stage } from "../event";
import type { Kernels, LinearLayer, ResidentMatrix, Scores } from "../kernels/kernels";
import type { Parameter } from "../parameter";
import type { AnswerMode } from "../project";
import type { Random } from "../random";

/**
 * What must be there before a strategy can choose. `probabilities`: a head. `members`: a committee, fitted for the
 * selection where the head is none. `layer`: a linear layer, likewise.
 */
export type Need = "probabilities" | "members" | "layer";

export interface Pool {
  readonly answerMode: AnswerMode;
  /** All items of the project, N × d, rows of length 1. */
  readonly embeddings: ResidentMatrix;
  /** The same numbers here, row-major. */
  readonly values: Float32Array;
  /** Rows that may be asked about, ascending, without repeats. */
  readonly candidates: Uint32Array;
  /** Rows that coverage is judged on, ascending; the candidates unless given. */
  readonly targets?: Uint32Array;
  /** Rows with a label that is trained on, ascending. */
  readonly labelled: Uint32Array;
  /** The class of each labelled row, in that order; where an item may have several, the first, or −1 for none. */
  readonly labels: Int32Array;
  /** Equal numbers where labelled rows have the very same classes, in that order. */
  readonly outcomes: Int32Array;
  /** Rows that people skipped or were unsure of, ascending: they are no candidates, and nor should their like be. */
  readonly passed: Uint32Array;
  /** Scores of all N rows under the present head; null before there is one. */
  readonly scores: Scores | null;
  /** Classes in `scores.probabilities`; 0 before there is a head. */
  readonly classes: number;
  /** Of the strategies that need them; null for the others and before there is a head. */
  readonly members: readonly LinearLayer[] | null;
  readonly layer: LinearLayer | null;
}

export interface Pick {
  readonly row: number;
  /** What the strategy ranked it by; higher was asked for more. */
  readonly score: number;
  /** One short sentence in the person's words: why this item. */
  readonly reason: string;
  /** For strategies that are about several things; `strategy` where it is left out. */
  readonly stage?: Stage;
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
  /** Whether items may have several classes; both unless said. */
  readonly modes?: readonly AnswerMode[];
  readonly parameters: readonly Parameter[];
  /** Whether chance, not the lowest row, decides between equal rows. */
  readonly byChance?: boolean;
  /**
   * Chooses exactly `count` different candidates, best first. Ties go to the lowest row. Does not change the
   * pool.
   * @throws PoolExhausted when count exceeds the candidates; Stopped when told to stop.
   */
  select(pool: Pool, count: number, tools: Tools): Promise<Pick[]>;
}
