// Heavy arithmetic as the core asks for it. Three implementations must agree: the plain reference here in
// core, and the fast ones in workers/compute. Everything is asynchronous because a GPU is; nothing here says
// where memory lies. Ties always go to the lowest row.

import type { StopSignal } from "../errors";
import type { LinearProducts } from "../learning/linear-products";

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

/**
 * Two rows whose squared distance is at most this share of the sum of their squared norms coincide: their
 * distance counts as 0. Float32 cannot tell less from rounding when distances come from inner products, and all
 * tiers must agree on what is at distance 0. Holds for `farthestFirst`, `spreadSample` and `gradientSample`.
 */
export const coincidence = 1e-6;

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
  /** Products of arrays in plain memory, for fits; absent where the tier has none faster than core's own. */
  readonly products?: LinearProducts;
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
  /**
   * k-means++ seeding (Arthur and Vassilvitskii 2007): `count` candidates, each drawn with probability in
   * proportion to its squared Euclidean distance to the nearest centre so far. Without centres the first is
   * drawn uniformly. Draws are the argmax of ln D² + Gumbel noise from `gumbel` (./gumbel.ts), which every
   * tier computes alike from the seed, the number of the pick (from 0) and the row. Rows at distance 0 (see
   * `coincidence`) are drawn only when nothing else is left, lowest row first.
   * @throws PoolExhausted when count exceeds the candidates; Stopped when told to stop.
   */
  spreadSample(
    matrix: ResidentMatrix,
    candidates: Uint32Array,
    centres: Uint32Array,
    count: number,
    seed: number,
    stop: StopSignal | null,
  ): Promise<Uint32Array>;
  /**
   * BADGE (Ash et al. 2020): k-means++ on the gradient embeddings g = (p − e_ŷ) ⊗ x of the candidates, the
   * first pick the one with the largest ‖g‖. Distances are factorised,
   * ‖g_i − g_j‖² = ‖d_i‖²‖x_i‖² + ‖d_j‖²‖x_j‖² − 2 (d_i·d_j)(x_i·x_j) with d = p − e_ŷ, so N × (C·d) is never
   * made. Draws as in `spreadSample`, the second pick being number 1. Of equal probabilities the first class is
   * ŷ.
   * @throws PoolExhausted when count exceeds the candidates; Stopped when told to stop.
   * @param probabilities rows × classes of the whole matrix.
   */
  gradientSample(
    matrix: ResidentMatrix,
    probabilities: Float32Array,
    classes: number,
    candidates: Uint32Array,
    count: number,
    seed: number,
    stop: StopSignal | null,
  ): Promise<Uint32Array>;
  /**
   * The `count` candidates with the highest value, highest first; equal values by lowest row. NaN comes last,
   * below −Infinity.
   * @param values one for each row of the matrix.
   * @throws PoolExhausted when count exceeds the candidates.
   */
  topK(values: Float32Array, candidates: Uint32Array, count: number): Promise<Uint32Array>;
  /**
   * The k rows of largest inner product for each of `queries`, itself left out, best first; equal ones by
   * lowest row. In blocks, so that queries × rows is never held.
   * @returns queries × k, row-major. Where there are fewer than k other rows, the rest is filled with the
   * query's own row and −Infinity.
   */
  nearest(
    matrix: ResidentMatrix,
    queries: Uint32Array,
    k: number,
    stop: StopSignal | null,
  ): Promise<{ rows: Uint32Array; products: Float32Array }>;
  /**
   * Lloyd's k-means over the candidates from the given centres: assign, then at most `iterations` times move
   * the centres and assign again, until no assignment changes. What is returned fits together: each candidate's
   * cluster is the one whose returned centre is nearest. An empty cluster keeps its centre. With 0 iterations it
   * only assigns.
   * @param centres k × dims, row-major; not changed.
   * @returns the cluster of each candidate (ties to the lowest cluster), the centres, and each candidate's
   * squared distance to its own.
   */
  kMeans(
    matrix: ResidentMatrix,
    candidates: Uint32Array,
    centres: Float32Array,
    iterations: number,
    stop: StopSignal | null,
  ): Promise<{ clusters: Uint32Array; centres: Float32Array; squaredDistances: Float32Array }>;
  /** Mean inner product of each row with the candidates: rows. Zeros without candidates. */
  density(matrix: ResidentMatrix, candidates: Uint32Array): Promise<Float32Array>;
  /** matrix · right, with right dims × columns, row-major: rows × columns. */
  multiply(matrix: ResidentMatrix, right: Float32Array, columns: number): Promise<Float32Array>;
  /** Inner products of rows `left` with rows `right`: left.length × right.length, row-major. */
  innerProducts(matrix: ResidentMatrix, left: Uint32Array, right: Uint32Array): Promise<Float32Array>;
  dispose(): void;
}
