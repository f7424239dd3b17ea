// The kernels on WebGPU, on our own device and without tfjs: embeddings stay on the device, and only what was
// asked for comes back. Needs a device and nothing else of the browser, so it runs under Node with Dawn too.

import { throwIfExhausted, throwIfStopped, type StopSignal } from "../../../src/core/errors";
import type { Kernels, ResidentMatrix } from "../../../src/core/kernels/kernels";
import { topRows } from "../../../src/core/kernels/top";
import type { GpuDevice } from "../webgpu-device";
import { columnsOf, createColumns, gatherColumns, gatherRows } from "./gather";
import { Gpu, type GpuOptions } from "./gpu";
import type { Job } from "./job";
import { uploadMatrix, type GpuMatrix } from "./matrix";
import { multiplyInto } from "./multiply";
import { kMeans } from "./k-means";
import { mostNeighbours, nearestRows } from "./neighbours";
import { scores } from "./scores";
import { meanOfPool, withPool } from "./pool";
import { farthestFirst, gradientSample, spreadSample } from "./select";

/** Columns multiplied with at a time. */
const columnsTogether = 1024;
/** Floats of a product read back at a time where the ranking is done here. */
const productFloats = 16 * 2 ** 20;

export interface WebGpuKernels extends Kernels {
  readonly gpu: Gpu;
}

/** Disposing of the kernels destroys the device. */
export function createWebGpuKernels(device: GpuDevice, options: GpuOptions = {}): WebGpuKernels {
  const gpu = new Gpu(device, options);
  const alive = new Set<ResidentMatrix>();

  function open(matrix: ResidentMatrix): GpuMatrix {
    if (!alive.has(matrix)) throw new Error("This matrix is disposed, or was uploaded to other kernels.");
    return matrix as GpuMatrix;
  }

  return {
    tier: "webgpu",
    gpu,

    async upload(values, rows, dims) {
      const made = await uploadMatrix(gpu, values, rows, dims);
      const matrix: GpuMatrix = {
        ...made,
        dispose() {
          alive.delete(matrix);
          made.dispose();
        },
      };
      alive.add(matrix);
      return matrix;
    },

    async scores(given, layer, activation) {
      const matrix = open(given);
      if (layer.dims !== matrix.dims)
        throw new RangeError(`The layer takes ${layer.dims} dimensions, the matrix has ${matrix.dims}.`);
      return gpu.job(null, (job) => scores(gpu, job, matrix, layer, activation));
    },

    async farthestFirst(given, candidates, centres, count, stop) {
      const matrix = open(given);
      throwIfExhausted(count, candidates.length);
      if (count === 0) return { rows: new Uint32Array(0), distances: new Float32Array(0) };
      throwIfStopped(stop);
      return farthestFirst(gpu, matrix, candidates, centres, count, stop);
    },

    async spreadSample(given, candidates, centres, count, seed, stop) {
      const matrix = open(given);
      throwIfExhausted(count, candidates.length);
      if (count === 0) return new Uint32Array(0);
      throwIfStopped(stop);
      return spreadSample(gpu, matrix, candidates, centres, count, seed, stop);
    },

    async gradientSample(given, probabilities, classes, candidates, count, seed, stop) {
      const matrix = open(given);
      throwIfExhausted(count, candidates.length);
      if (probabilities.length !== matrix.rows * classes)
        throw new RangeError(`${probabilities.length} probabilities do not make ${matrix.rows} rows.`);
      if (count === 0) return new Uint32Array(0);
      throwIfStopped(stop);
      return gradientSample(gpu, matrix, probabilities, classes, candidates, count, seed, stop);
    },

    // The values are here already, and a heap over a million of them takes milliseconds.
    topK: async (values, candidates, count) => topRows(candidates, values, count),

    async nearest(given, queries, k, stop) {
      const matrix = open(given);
      if (queries.length === 0 || k === 0) return { rows: new Uint32Array(0), products: new Float32Array(0) };
      throwIfStopped(stop);
      if (k <= mostNeighbours) return nearestRows(gpu, matrix, queries, k, stop);
      return rankHere(gpu, matrix, queries, k, stop);
    },

    async kMeans(given, candidates, centres, iterations, stop) {
      const matrix = open(given);
      if (centres.length === 0 || centres.length % matrix.dims !== 0)
        throw new RangeError(`${centres.length} numbers do not make centres of ${matrix.dims} dimensions.`);
      if (candidates.length === 0)
        return {
          clusters: new Uint32Array(0),
          centres: centres.slice(),
          squaredDistances: new Float32Array(0),
        };
      return kMeans(gpu, matrix, candidates, centres, iterations, stop);
    },

    async density(given, candidates) {
      const matrix = open(given);
      const means = new Float32Array(matrix.rows);
      if (candidates.length === 0 || matrix.rows === 0) return means;
      await gpu.job(null, async (job) => {
        const mean = await withPool(gpu, job, matrix, candidates, (pool) => meanOfPool(gpu, job, pool));
        const columns = columnsOf(job, matrix.chunks, Float32Array.from(mean), matrix.dims, 1);
        await multiplyInto(gpu, job, matrix, columns, means);
      });
      return means;
    },

    async multiply(given, right, columns) {
      const matrix = open(given);
      if (right.length !== matrix.dims * columns)
        throw new RangeError(`${right.length} values do not make ${matrix.dims} rows of ${columns}.`);
      const products = new Float32Array(matrix.rows * columns);
      if (products.length > 0)
        await gpu.job(null, async (job) => {
          const laid = columnsOf(job, matrix.chunks, right, matrix.dims, columns);
          await multiplyInto(gpu, job, matrix, laid, products);
        });
      return products;
    },

    async innerProducts(given, left, right) {
      const matrix = open(given);
      const products = new Float32Array(left.length * right.length);
      if (products.length > 0) await multiplyRows(gpu, matrix, left, right, products);
      return products;
    },

    dispose() {
      for (const matrix of [...alive]) matrix.dispose();
      gpu.dispose();
    },
  };
}

async function multiplyRows(
  gpu: Gpu,
  matrix: GpuMatrix,
  left: Uint32Array,
  right: Uint32Array,
  products: Float32Array,
): Promise<void> {
  await gpu.job(null, async (job) => {
    const rows = await gatherRows(gpu, job, matrix, left);
    try {
      await multiplyByRows(gpu, job, rows, matrix, right, products);
    } finally {
      rows.dispose();
    }
  });
}

/** Products of all rows of `matrix` with some rows of `source`. */
async function multiplyByRows(
  gpu: Gpu,
  job: Job,
  matrix: GpuMatrix,
  source: GpuMatrix,
  right: Uint32Array,
  products: Float32Array,
): Promise<void> {
  const list = job.filled(right);
  for (let from = 0; from < right.length; from += columnsTogether) {
    const count = Math.min(columnsTogether, right.length - from);
    const columns = createColumns(job, matrix.chunks, count);
    await gatherColumns(gpu, job, source, { buffer: list, from, count }, columns);
    const whole = count === right.length;
    const part = whole ? products : new Float32Array(matrix.rows * count);
    await multiplyInto(gpu, job, matrix, columns, part);
    await job.fetched();
    if (whole) continue;
    for (let row = 0; row < matrix.rows; row++)
      products.set(part.subarray(row * count, (row + 1) * count), row * right.length + from);
  }
}

/** Neighbours in numbers a lane cannot hold: products by the device, ranking here. */
async function rankHere(
  gpu: Gpu,
  matrix: GpuMatrix,
  queries: Uint32Array,
  k: number,
  stop: StopSignal | null,
): Promise<{ rows: Uint32Array; products: Float32Array }> {
  const rows = new Uint32Array(queries.length * k);
  const best = new Float32Array(queries.length * k).fill(-Infinity);
  const together = Math.max(1, Math.floor(productFloats / matrix.rows));
  const all = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  const values = new Float32Array(matrix.rows);
  for (let from = 0; from < queries.length; from += together) {
    throwIfStopped(stop);
    const some = queries.subarray(from, from + together);
    const products = new Float32Array(matrix.rows * some.length);
    await gpu.job(stop, (job) => multiplyByRows(gpu, job, matrix, matrix, some, products));
    some.forEach((query, column) => {
      for (let row = 0; row < matrix.rows; row++) values[row] = products[row * some.length + column]!;
      const others = all.filter((row) => row !== query);
      const top = topRows(others, values, Math.min(k, others.length));
      const start = (from + column) * k;
      rows.fill(query, start, start + k).set(top, start);
      top.forEach((row, at) => (best[start + at] = values[row]!));
    });
  }
  return { rows, products: best };
}
