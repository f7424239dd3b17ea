// The greedy selections, from this side of the device: sets up which rows are open, then queues step and choose
// for every pick without waiting for any of them. The picks come back once, at the end.

import type { StopSignal } from "../../../src/core/errors";
import { TierFailed } from "../tier-failed";
import { assign } from "./assign";
import { chooseKernel } from "./choose";
import { createColumns, gatherColumns } from "./gather";
import type { Gpu } from "./gpu";
import { floatBits, type Job } from "./job";
import { padded, perRow, rowsOf, spansOf, type GpuMatrix, type Span } from "./matrix";
import { markOpen, meanOfPool, withPool, type Pool } from "./pool";
import { residualChunkClasses, residualsKernel } from "./residuals";
import { keys, stepKernel, stepLanes, updates } from "./step";
import { chunkDims, noRow, tileRows } from "./wgsl";

/** Farther than any squared distance; infinity itself is no number a shader must keep. */
const far = 3.4028234663852886e38;
/** Centres measured against together. */
const columnsTogether = 4096;

interface Turn {
  readonly update: number;
  readonly key: number;
  readonly twins?: boolean;
}

interface Residuals {
  readonly buffers: readonly GPUBuffer[];
  readonly norms: GPUBuffer;
  readonly chunks: number;
}

interface Selection {
  readonly nearest: GPUBuffer;
  readonly spans: readonly Span[];
  readonly residuals: Residuals | null;
  /** Numbers the first step measures from, where it measures at all. */
  readonly from: Float64Array | null;
  readonly seed: number;
  readonly turns: (pick: number) => Turn;
}

/** @returns the rows of the given matrix picked, and what each was the best in. */
async function pick(
  gpu: Gpu,
  job: Job,
  { matrix, ids }: Pool,
  count: number,
  selection: Selection,
): Promise<{ rows: Uint32Array; keys: Float32Array }> {
  const { spans, nearest, residuals, from, seed, turns } = selection;
  const { chunks, precision } = matrix;
  const variant = { precision, subgroups: gpu.subgroups, residuals: residuals !== null };
  const [stepper, chooser] = await Promise.all([
    gpu.kernel(stepKernel(variant)),
    gpu.kernel(chooseKernel(variant)),
  ]);
  const firsts = spans.map(({ rows }) => Math.ceil(rows / stepLanes));
  let partialCount = 0;
  for (const [at, groups] of firsts.entries()) {
    firsts[at] = partialCount;
    partialCount += groups;
  }
  const residualChunks = residuals?.chunks ?? 0;
  const point = new Uint32Array((chunks * 2 + 1 + residualChunks) * 4);
  from?.forEach((value, k) => (point[k] = floatBits(value)));
  point[chunks * chunkDims + 1] = noRow;
  const pointBuffer = job.filled(point);
  const partials = job.buffer(partialCount * 8);
  const picks = job.buffer(count * 8);
  const idBuffer = job.filled(ids ?? Uint32Array.from({ length: matrix.rows }, (_, row) => row));
  const norms = residuals?.norms ?? matrix.norms;
  const bound = spans.map((span, at) => {
    const extra = residuals ? [residuals.buffers[at]!] : [];
    const spanIds = { buffer: idBuffer, offset: span.firstRow * 4, size: span.rows * 4 };
    return {
      step: job.bind(stepper, [
        span.matrix,
        pointBuffer,
        rowsOf(norms, span),
        spanIds,
        rowsOf(nearest, span),
        partials,
        ...extra,
      ]),
      choose: job.bind(chooser, [span.matrix, rowsOf(norms, span), partials, pointBuffer, picks, ...extra]),
    };
  });
  for (let turn = 0; turn < count; turn++) {
    const { update, key, twins = true } = turns(turn);
    for (const [at, { rows, firstRow }] of spans.entries()) {
      const params = [
        rows,
        chunks,
        firstRow,
        firsts[at]!,
        update,
        key,
        Number(twins),
        seed,
        turn,
        residualChunks,
      ];
      const bytes = update === updates.none ? rows * 8 : rows * (matrix.rowBytes + 16 + 16 * residualChunks);
      await job.run(bound[at]!.step, params, Math.ceil(rows / stepLanes), { bytes });
    }
    for (const [at, { rows, firstRow }] of spans.entries()) {
      const params = [rows, chunks, firstRow, partialCount, turn, residualChunks];
      await job.run(bound[at]!.choose, params, 1, { bytes: partialCount * 8 });
    }
  }
  const picked = new Uint32Array(2 * count);
  await job.read(picks, picked);
  await job.fetched();
  const best = new Float32Array(picked.buffer);
  const rows = Uint32Array.from({ length: count }, (_, turn) => picked[2 * turn + 1]!);
  if (rows.some((row) => row >= matrix.rows) || new Set(rows).size < count)
    throw new TierFailed("error", "The graphics card chose items that do not exist.");
  return {
    rows: ids ? rows.map((row) => ids[row]!) : rows,
    keys: Float32Array.from({ length: count }, (_, turn) => best[2 * turn]!),
  };
}

/** The open rows' squared distances to the nearest of the centres, or `start` without any. */
async function nearestTo(
  gpu: Gpu,
  job: Job,
  matrix: GpuMatrix,
  pool: Pool,
  centres: Uint32Array,
  start: number,
): Promise<GPUBuffer> {
  const { rows, chunks } = pool.matrix;
  const initial = markOpen(pool, new Float32Array(padded(rows)).fill(-1), start, -1);
  const nearest = job.filled(initial);
  if (centres.length === 0) return nearest;
  const clusters = perRow(job, rows);
  const list = job.filled(centres);
  for (let from = 0; from < centres.length; from += columnsTogether) {
    const count = Math.min(columnsTogether, centres.length - from);
    const columns = createColumns(job, chunks, count);
    await gatherColumns(gpu, job, matrix, { buffer: list, from, count }, columns);
    await assign(gpu, job, pool.matrix, columns, { nearest, clusters }, true);
  }
  return nearest;
}

export function farthestFirst(
  gpu: Gpu,
  matrix: GpuMatrix,
  candidates: Uint32Array,
  centres: Uint32Array,
  count: number,
  stop: StopSignal | null,
): Promise<{ rows: Uint32Array; distances: Float32Array }> {
  return gpu.job(stop, (job) =>
    withPool(gpu, job, matrix, candidates, async (pool) => {
      const alone = centres.length === 0;
      const { rows, keys: best } = await pick(gpu, job, pool, count, {
        nearest: await nearestTo(gpu, job, matrix, pool, centres, far),
        spans: spansOf(pool.matrix),
        residuals: null,
        from: alone ? await meanOfPool(gpu, job, pool) : null,
        seed: 0,
        turns: (turn) => {
          if (!alone) return { update: turn === 0 ? updates.none : updates.least, key: keys.distance };
          if (turn === 0) return { update: updates.replace, key: keys.closeness, twins: false };
          return { update: turn === 1 ? updates.replace : updates.least, key: keys.distance };
        },
      });
      return { rows, distances: best.map((squared) => Math.sqrt(Math.abs(squared))) };
    }),
  );
}

export function spreadSample(
  gpu: Gpu,
  matrix: GpuMatrix,
  candidates: Uint32Array,
  centres: Uint32Array,
  count: number,
  seed: number,
  stop: StopSignal | null,
): Promise<Uint32Array> {
  return gpu.job(stop, (job) =>
    withPool(gpu, job, matrix, candidates, async (pool) => {
      const alone = centres.length === 0;
      const { rows } = await pick(gpu, job, pool, count, {
        // Without centres every row weighs the same at first.
        nearest: await nearestTo(gpu, job, matrix, pool, centres, alone ? 1 : far),
        spans: spansOf(pool.matrix),
        residuals: null,
        from: null,
        seed,
        turns: (turn) => ({
          update: turn === 0 ? updates.none : alone && turn === 1 ? updates.replace : updates.least,
          key: keys.draw,
        }),
      });
      return rows;
    }),
  );
}

export function gradientSample(
  gpu: Gpu,
  matrix: GpuMatrix,
  probabilities: Float32Array,
  classes: number,
  candidates: Uint32Array,
  count: number,
  seed: number,
  stop: StopSignal | null,
): Promise<Uint32Array> {
  return gpu.job(stop, (job) =>
    withPool(gpu, job, matrix, candidates, async (pool) => {
      const chunks = Math.ceil(classes / residualChunkClasses);
      const rowsInBlock = Math.floor(gpu.blockBytes / (16 * chunks));
      const spans = spansOf(pool.matrix, rowsInBlock);
      const residuals = await makeResiduals(gpu, job, pool, probabilities, classes, spans);
      const { rows } = await pick(gpu, job, pool, count, {
        nearest: await nearestTo(gpu, job, matrix, pool, new Uint32Array(0), far),
        spans,
        residuals,
        from: null,
        seed,
        turns: (turn) => ({
          update: turn === 0 ? updates.none : turn === 1 ? updates.replace : updates.least,
          key: turn === 0 ? keys.norm : keys.draw,
        }),
      });
      return rows;
    }),
  );
}

async function makeResiduals(
  gpu: Gpu,
  job: Job,
  { matrix, ids }: Pool,
  probabilities: Float32Array,
  classes: number,
  spans: readonly Span[],
): Promise<Residuals> {
  const chunks = Math.ceil(classes / residualChunkClasses);
  const kernel = await gpu.kernel(residualsKernel);
  const norms = perRow(job, matrix.rows);
  const longest = Math.max(...spans.map(({ rows }) => rows), 0);
  const given = job.buffer(longest * classes * 4);
  const buffers: GPUBuffer[] = [];
  for (const span of spans) {
    const { firstRow, rows } = span;
    job.write(given, probabilitiesOf(probabilities, classes, ids, firstRow, rows));
    const made = job.buffer(padded(rows) * chunks * 16);
    const bound = job.bind(kernel, [given, rowsOf(matrix.norms, span), made, rowsOf(norms, span)]);
    await job.run(bound, [rows, classes, chunks], padded(rows) / tileRows);
    await job.flush();
    buffers.push(made);
  }
  return { buffers, norms, chunks };
}

function probabilitiesOf(
  all: Float32Array,
  classes: number,
  ids: Uint32Array | null,
  first: number,
  count: number,
): Float32Array {
  if (!ids) return all.subarray(first * classes, (first + count) * classes);
  const some = new Float32Array(count * classes);
  for (let at = 0; at < count; at++) {
    const row = ids[first + at]!;
    some.set(all.subarray(row * classes, (row + 1) * classes), at * classes);
  }
  return some;
}
