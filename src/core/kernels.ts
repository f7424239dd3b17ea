// Heavy arithmetic as the core asks for it. Three implementations must agree: the plain reference here in
// core, and the fast ones in workers/compute. Everything is asynchronous because a GPU is; nothing here says
// where memory lies. Ties always go to the lowest row.

import type { StopSignal } from "./errors";

export type Tier = "webgpu" | "wasm" | "cpu";

/** An N × d float32 matrix that stays where the kernels can reach it until disposed. */
export interface ResidentMatrix {
  readonly rows: number;
  readonly dims: number;
  dispose(): void;
}

/** A linear layer: logits = X W + b. */
export interface LinearLayer {
  readonly dims: number;
  readonly classes: number;
  /** dims × classes, row-major. */
  readonly weights: Float32Array;
  /** classes. */
  readonly bias: Float32Array;
}

/** `softmax`: one answer of several. `sigmoid`: each class for itself. */
export type Activation = "softmax" | "sigmoid";

/**
 * One row each, all between 0 (sure) and 1.
 * softmax: leastConfidence = (1 − p₁)·C/(C−1), margin = 1 − (p₁ − p₂), entropy = −Σ p ln p / ln C.
 * sigmoid: the most doubtful class of each: leastConfidence = 2·max min(p, 1−p), margin = 1 − min |2p − 1|,
 * entropy = mean binary entropy in bits.
 */
export interface Scores {
  /** N × classes, row-major. */
  readonly probabilities: Float32Array;
  readonly leastConfidence: Float32Array;
  readonly margin: Float32Array;
  readonly entropy: Float32Array;
}

export interface Kernels {
  readonly tier: Tier;
  /** Copies row-major values (rows × dims) to where the kernels work. */
  upload(values: Float32Array, rows: number, dims: number): Promise<ResidentMatrix>;
  /** Logits, probabilities and the three uncertainties of every row in one call. */
  scores(matrix: ResidentMatrix, layer: LinearLayer, activation: Activation): Promise<Scores>;
  /**
   * Greedy k-center (Sener and Savarese 2018): `count` times, the candidate farthest (Euclidean) from all
   * centres so far, which then becomes a centre. Without centres the first pick is the candidate nearest to
   * the candidates' mean.
   * @returns rows of the matrix, in order of choice, with the distance each had when chosen: to the nearest
   * centre, or to the mean for a first pick without centres.
   * @throws PoolExhausted when count exceeds the candidates; Stopped when told to stop.
   */
  farthestFirst(
    matrix: ResidentMatrix,
    candidates: Uint32Array,
    centres: Uint32Array,
    count: number,
    stop: StopSignal | null,
  ): Promise<{ rows: Uint32Array; distances: Float32Array }>;
  /** Inner products of rows `left` with rows `right`: left.length × right.length, row-major. */
  innerProducts(matrix: ResidentMatrix, left: Uint32Array, right: Uint32Array): Promise<Float32Array>;
  dispose(): void;
}
