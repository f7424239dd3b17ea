// What the benchmark asks of every kernel, and the bytes each must move at least when every row is read in full.

import type { Kernels, ResidentMatrix, Scores } from "../../src/core/kernels/kernels";
import { createRandom } from "../../src/core/random";
import type { Pool } from "./pool";

export interface Question {
  readonly kernels: Kernels;
  readonly matrix: ResidentMatrix;
  readonly pool: Pool;
  readonly batch: number;
  readonly weights: Float32Array;
  readonly scores: Scores;
  /** All rows but the labelled. */
  readonly candidates: Uint32Array;
  /** 500 rows, or a tenth of a smaller pool. */
  readonly labelled: Uint32Array;
}

export interface KernelCase {
  readonly name: string;
  run(question: Question): Promise<unknown>;
  /** Float32 numbers read or written in memory, without what any cache holds. */
  numbers(question: Question): number;
  /** Multiplications and additions, where they bound the time; else 0. */
  flops?(question: Question): number;
}

const queries = 512;
const neighbours = 15;
const clusters = 50;
const iterations = 5;
const block = 1000;

const all = ({ pool: { rows, dims } }: Question) => rows * dims;
const first = (rows: Uint32Array, count: number) => rows.subarray(0, count);

export const kernelCases: readonly KernelCase[] = [
  {
    name: "scores",
    run: ({ kernels, matrix, pool: { dims, classes }, weights }) =>
      kernels.scores(matrix, { dims, classes, weights, bias: new Float32Array(classes) }, "softmax"),
    numbers: (question) => all(question) + question.pool.rows * (question.pool.classes + 3),
    flops: (question) => 2 * all(question) * question.pool.classes,
  },
  {
    name: "kcenter",
    run: ({ kernels, matrix, candidates, batch }) =>
      kernels.farthestFirst(matrix, candidates, new Uint32Array(0), batch, null),
    numbers: (question) => all(question) * question.batch,
  },
  {
    // The labels of a project that was just opened; the distances to them are kept from then on.
    name: "kcenter, 500 labels",
    run: async ({ kernels, pool, candidates, labelled, batch }) => {
      const matrix = await kernels.upload(pool.values, pool.rows, pool.dims);
      await kernels.farthestFirst(matrix, candidates, labelled, batch, null);
      matrix.dispose();
    },
    numbers: (question) => all(question) * (question.labelled.length + question.batch),
  },
  {
    name: "spread",
    run: ({ kernels, matrix, candidates, batch }) =>
      kernels.spreadSample(matrix, candidates, new Uint32Array(0), batch, 7, null),
    numbers: (question) => all(question) * question.batch,
  },
  {
    name: "badge",
    run: ({ kernels, matrix, pool: { classes }, scores, candidates, batch }) =>
      kernels.gradientSample(matrix, scores.probabilities, classes, candidates, batch, 7, null),
    numbers: ({ pool: { rows, dims, classes }, batch }) => rows * (dims + classes) * batch,
  },
  {
    name: "topK",
    run: ({ kernels, scores, candidates, batch }) => kernels.topK(scores.margin, candidates, batch),
    numbers: ({ candidates }) => 2 * candidates.length,
  },
  {
    name: "nearest",
    run: ({ kernels, matrix, candidates }) =>
      kernels.nearest(matrix, first(candidates, queries), neighbours, null),
    numbers: all,
    flops: (question) => 2 * all(question) * Math.min(queries, question.candidates.length),
  },
  {
    name: "kmeans",
    run: ({ kernels, matrix, pool: { values, dims }, candidates }) =>
      kernels.kMeans(matrix, candidates, values.subarray(0, clusters * dims), iterations, null),
    numbers: (question) => all(question) * (2 * iterations + 2),
    flops: (question) => 2 * all(question) * clusters * (iterations + 1),
  },
  {
    name: "density",
    run: ({ kernels, matrix, candidates }) => kernels.density(matrix, candidates),
    numbers: (question) => 2 * all(question),
  },
  {
    name: "multiply",
    run: ({ kernels, matrix, pool: { classes }, weights }) => kernels.multiply(matrix, weights, classes),
    numbers: (question) => all(question) + question.pool.rows * question.pool.classes,
    flops: (question) => 2 * all(question) * question.pool.classes,
  },
  {
    name: "innerProducts",
    run: ({ kernels, matrix, candidates }) =>
      kernels.innerProducts(matrix, first(candidates, block), first(candidates, block)),
    numbers: ({ pool: { dims }, candidates }) => {
      const count = Math.min(block, candidates.length);
      return 2 * count * dims + count * count;
    },
    flops: ({ pool: { dims }, candidates }) => 2 * Math.min(block, candidates.length) ** 2 * dims,
  },
];

export async function makeQuestion(kernels: Kernels, pool: Pool, batch: number): Promise<Question> {
  const { values, rows, dims, classes } = pool;
  const random = createRandom(17);
  const labelled = Uint32Array.from(random.sample(rows, Math.min(500, Math.floor(rows / 10)))).sort();
  const taken = new Set(labelled);
  const matrix = await kernels.upload(values, rows, dims);
  const weights = Float32Array.from({ length: dims * classes }, () => 4 * random.normal());
  const layer = { dims, classes, weights, bias: new Float32Array(classes) };
  return {
    kernels,
    matrix,
    pool,
    batch,
    weights,
    scores: await kernels.scores(matrix, layer, "softmax"),
    candidates: Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !taken.has(row)),
    labelled,
  };
}
