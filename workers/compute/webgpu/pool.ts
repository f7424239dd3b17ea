// The rows a job passes over: all of a matrix, or its few candidates copied together so that the rest is not
// read.

import { clusterSums } from "./cluster-sums";
import { gatherRows } from "./gather";
import type { Gpu } from "./gpu";
import type { Job } from "./job";
import { padded, type GpuMatrix } from "./matrix";
import { noRow } from "./wgsl";

/** With fewer candidates than this share of the rows, they are copied together first. */
const fewCandidates = 1 / 3;

/** The rows a selection passes over: all of the matrix, or its candidates copied together. */
export interface Pool {
  readonly matrix: GpuMatrix;
  /** The row of the given matrix that each row here is, or null where they are the same. */
  readonly ids: Uint32Array | null;
  /** Ascending rows of `matrix` that are candidates. */
  readonly open: Uint32Array;
}

/** Runs work on a pool of the candidates, which goes with it. */
export async function withPool<Result>(
  gpu: Gpu,
  job: Job,
  matrix: GpuMatrix,
  candidates: Uint32Array,
  work: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  const ascending = candidates.slice().sort();
  if (ascending.length > matrix.rows * fewCandidates) return work({ matrix, ids: null, open: ascending });
  const gathered = await gatherRows(gpu, job, matrix, ascending);
  try {
    return await work({ matrix: gathered, ids: ascending, open: Uint32Array.from(ascending.keys()) });
  } finally {
    gathered.dispose();
  }
}

/** A number for every row of the pool: `value` for candidates, `rest` for the others. */
export function markOpen<Numbers extends Float32Array | Uint32Array>(
  { matrix, open }: Pool,
  numbers: Numbers,
  value: number,
  rest: number,
): Numbers {
  numbers.fill(rest, 0, matrix.rows);
  for (const row of open) numbers[row] = value;
  return numbers;
}

/** Mean of the pool's candidates, in float64. */
export async function meanOfPool(gpu: Gpu, job: Job, pool: Pool): Promise<Float64Array> {
  const { rows, dims } = pool.matrix;
  if (pool.open.length === 0) return new Float64Array(dims);
  const clusters = job.filled(markOpen(pool, new Uint32Array(padded(rows)).fill(noRow), 0, noRow));
  const sums = await clusterSums(gpu, job, pool.matrix, clusters, 1);
  return sums.map((value) => value / pool.open.length);
}
