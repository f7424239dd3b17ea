// The neighbour graph over all items, made once for each encoder, and what heads do with it: averaging
// embeddings over neighbours and letting labels spread along edges.

import { clusteredNearest } from "./clustered-nearest";
import { throwIfStopped, type StopSignal } from "../errors";
import type { Kernels, ResidentMatrix } from "../kernels/kernels";

/** Compressed sparse rows: the edges of row r stand from offsets[r] to offsets[r + 1]. */
export interface NeighbourGraph {
  readonly rows: number;
  readonly offsets: Uint32Array;
  /** Ascending within each row; never the row itself. */
  readonly neighbours: Uint32Array;
  /** D^-½ W D^-½: symmetric, with W = cos³ where either row is among the other's nearest. */
  readonly weights: Float32Array;
}

const neighboursEach = 15;
// Between two blocks the caller's stop is looked at and others may run: 200 million products are a fraction of a
// second on the slowest tier.
const productsPerBlock = 200_000_000;
/** Beyond this comparing all rows with all takes minutes without a GPU. */
const exactUpTo = 20_000;

export interface GraphTools {
  readonly kernels: Kernels;
  readonly stop: StopSignal | null;
  /** Awaited between blocks, so that a worker can hear a message; nothing in tests. */
  readonly pause?: () => Promise<void>;
}

/**
 * Exact up to 20,000 rows, nearly so beyond.
 * @param matrix rows of length 1.
 * @param values the same numbers.
 * @throws Stopped when told to stop.
 */
export async function buildNeighbourGraph(
  matrix: ResidentMatrix,
  values: Float32Array,
  tools: GraphTools,
): Promise<NeighbourGraph> {
  const nearest = await nearestOfAll(matrix, values, neighboursEach, tools);
  return graphFromNearest(nearest.rows, nearest.products, matrix.rows);
}

/**
 * The `each` nearest rows of every row by inner product: exact up to 20,000 rows, nearly so beyond.
 * @returns rows × each, best first, filled up with the row itself and −Infinity.
 * @throws Stopped when told to stop.
 */
export function nearestOfAll(
  matrix: ResidentMatrix,
  values: Float32Array,
  each: number,
  tools: GraphTools,
): Promise<{ rows: Uint32Array; products: Float32Array }> {
  return matrix.rows > exactUpTo
    ? clusteredNearest(matrix, values, each, tools)
    : allNearest(matrix, each, tools);
}

async function allNearest(matrix: ResidentMatrix, each: number, { kernels, stop, pause }: GraphTools) {
  const { rows, dims } = matrix;
  const found = { rows: new Uint32Array(rows * each), products: new Float32Array(rows * each) };
  const atOnce = Math.max(16, Math.floor(productsPerBlock / (rows * dims)));
  for (let from = 0; from < rows; from += atOnce) {
    throwIfStopped(stop);
    const queries = Uint32Array.from({ length: Math.min(atOnce, rows - from) }, (_, at) => from + at);
    const block = await kernels.nearest(matrix, queries, each, stop);
    found.rows.set(block.rows, from * each);
    found.products.set(block.products, from * each);
    await pause?.();
  }
  return found;
}

/**
 * @param nearest rows × k, as `Kernels.nearest` gives them; what is filled up with the row itself is no edge,
 * nor is what points away (cosine ≤ 0).
 */
export function graphFromNearest(nearest: Uint32Array, cosines: Float32Array, rows: number): NeighbourGraph {
  const each = rows === 0 ? 0 : nearest.length / rows;
  const { offsets, neighbours, weights } = bothWays(nearest, cosines, rows, each);
  const scales = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let degree = 0;
    for (let edge = offsets[row]!; edge < offsets[row + 1]!; edge++) degree += weights[edge]!;
    scales[row] = 1 / Math.sqrt(degree);
  }
  for (let row = 0; row < rows; row++)
    for (let edge = offsets[row]!; edge < offsets[row + 1]!; edge++)
      weights[edge]! *= scales[row]! * scales[neighbours[edge]!]!;
  return { rows, offsets, neighbours, weights };
}

/** Every edge from both of its ends, once, sorted by row and neighbour, with its weight cos³. */
function bothWays(nearest: Uint32Array, cosines: Float32Array, rows: number, each: number) {
  const isEdge = (row: number, at: number) => nearest[at] !== row && cosines[at]! > 0;
  // Counted, then dealt out row by row: going through the ends in ascending order leaves each row sorted.
  const starts = new Uint32Array(rows + 1);
  for (let row = 0, at = 0; row < rows; row++)
    for (let place = 0; place < each; place++, at++) if (isEdge(row, at)) starts[nearest[at]! + 1]! += 1;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  const pointing = new Uint32Array(starts[rows]!);
  const pointingAt = new Uint32Array(starts[rows]!);
  const next = starts.slice();
  for (let row = 0, at = 0; row < rows; row++)
    for (let place = 0; place < each; place++, at++) {
      if (!isEdge(row, at)) continue;
      const to = next[nearest[at]!]!++;
      pointing[to] = row;
      pointingAt[to] = at;
    }
  const offsets = new Uint32Array(rows + 1);
  const neighbours = new Uint32Array(2 * pointing.length);
  const weights = new Float32Array(2 * pointing.length);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const ofRow = new Map<number, number>();
    for (let at = row * each; at < (row + 1) * each; at++) if (isEdge(row, at)) ofRow.set(nearest[at]!, at);
    for (let at = starts[row]!; at < starts[row + 1]!; at++) ofRow.set(pointing[at]!, pointingAt[at]!);
    for (const other of Uint32Array.from(ofRow.keys()).sort()) {
      neighbours[count] = other;
      weights[count++] = cosines[ofRow.get(other)!]! ** 3;
    }
    offsets[row + 1] = count;
  }
  return { offsets, neighbours: neighbours.slice(0, count), weights: weights.slice(0, count) };
}

/** Rows `wanted` of the embeddings, each moved to the middle between itself and the mean of its neighbours. */
export function averageOverNeighbours(
  { offsets, neighbours }: NeighbourGraph,
  values: Float32Array,
  dims: number,
  wanted: Uint32Array,
): Float32Array {
  const averaged = new Float32Array(wanted.length * dims);
  const sum = new Float64Array(dims);
  wanted.forEach((row, place) => {
    sum.fill(0);
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    for (let edge = from; edge < to; edge++) {
      const start = neighbours[edge]! * dims;
      for (let k = 0; k < dims; k++) sum[k]! += values[start + k]!;
    }
    let squared = 0;
    for (let k = 0; k < dims; k++) {
      sum[k] = values[row * dims + k]! + (to > from ? sum[k]! / (to - from) : 0);
      squared += sum[k]! ** 2;
    }
    const scale = squared > 0 ? 1 / Math.sqrt(squared) : 0;
    for (let k = 0; k < dims; k++) averaged[place * dims + k] = sum[k]! * scale;
  });
  return averaged;
}

/**
 * Label spreading (Zhou et al., Learning with Local and Global Consistency, 2004): the F that solves
 * F = α S F + (1 − α) F₀. Chebyshev's semi-iteration (Golub and Varga 1961) gets as near to it in 8 turns as
 * repeating the equation does in 29 with α = 0.9, for the eigenvalues of α S lie within ±α. The missing turns may
 * leave values below 0.
 * @param sources F₀, rows × columns, row-major; not changed.
 * @throws Stopped when told to stop.
 */
export function spread(
  graph: NeighbourGraph,
  sources: Float32Array,
  alpha: number,
  turns: number,
  stop: StopSignal | null,
): Float32Array {
  const { rows } = graph;
  const columns = rows === 0 ? 0 : sources.length / rows;
  const result = new Float32Array(sources.length);
  for (let from = 0; from < columns; from += together) {
    const width = Math.min(together, columns - from);
    const part = new Float32Array(rows * together);
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < width; c++) part[row * together + c] = sources[row * columns + from + c]!;
    let before = new Float32Array(part.length);
    let now = part.map((value) => (1 - alpha) * value);
    let omega = 2;
    for (let turn = 0; turn < turns; turn++) {
      throwIfStopped(stop);
      omega = 1 / (1 - (alpha * alpha * omega) / 4);
      // Overwrites what is two turns old.
      relax(graph, part, now, before, alpha, omega);
      [before, now] = [now, before];
    }
    for (let row = 0; row < rows; row++)
      for (let c = 0; c < width; c++) result[row * columns + from + c] = now[row * together + c]!;
  }
  return result;
}

/** Columns spread at a time: few enough for sums to stay in registers and the values in the cache. */
const together = 4;

/** before ← before + ω (α S now + (1 − α) sources − before), all of them rows × 4. */
function relax(
  { rows, offsets, neighbours, weights }: NeighbourGraph,
  sources: Float32Array,
  now: Float32Array,
  before: Float32Array,
  alpha: number,
  omega: number,
): void {
  const [edges, source] = [omega * alpha, omega * (1 - alpha)];
  for (let row = 0; row < rows; row++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let edge = offsets[row]!, end = offsets[row + 1]!; edge < end; edge++) {
      const weight = weights[edge]!;
      const from = neighbours[edge]! * together;
      s0 += weight * now[from]!;
      s1 += weight * now[from + 1]!;
      s2 += weight * now[from + 2]!;
      s3 += weight * now[from + 3]!;
    }
    const to = row * together;
    before[to] = (1 - omega) * before[to]! + edges * s0 + source * sources[to]!;
    before[to + 1] = (1 - omega) * before[to + 1]! + edges * s1 + source * sources[to + 1]!;
    before[to + 2] = (1 - omega) * before[to + 2]! + edges * s2 + source * sources[to + 2]!;
    before[to + 3] = (1 - omega) * before[to + 3]! + edges * s3 + source * sources[to + 3]!;
  }
}
