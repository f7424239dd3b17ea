// The plain implementation of `Kernels`: slow, obvious, float64 inside. It is what the fast ones are compared
// with, and what core runs on where nothing faster is given.

import { throwIfExhausted, throwIfStopped, type StopSignal } from "./errors";
import type { Activation, Kernels, LinearLayer, ResidentMatrix } from "./kernels";
import { scoresFromLogits } from "./scores";

interface HostMatrix extends ResidentMatrix {
  readonly values: Float32Array;
}

/** @throws Error from every kernel that is given a disposed matrix, or one of another implementation. */
export function createReferenceKernels(): Kernels {
  const alive = new Set<ResidentMatrix>();

  function open(matrix: ResidentMatrix): HostMatrix {
    if (!alive.has(matrix)) throw new Error("This matrix is disposed, or was uploaded to other kernels.");
    return matrix as HostMatrix;
  }

  return {
    tier: "cpu",
    async upload(values, rows, dims) {
      if (values.length !== rows * dims)
        throw new RangeError(`${values.length} values do not make ${rows} rows of ${dims}.`);
      const matrix: HostMatrix = { rows, dims, values: values.slice(), dispose: () => alive.delete(matrix) };
      alive.add(matrix);
      return matrix;
    },
    async scores(matrix, layer, activation) {
      return scoreAll(open(matrix), layer, activation);
    },
    async farthestFirst(matrix, candidates, centres, count, stop) {
      return farthestFirst(open(matrix), candidates, centres, count, stop);
    },
    async innerProducts(matrix, left, right) {
      const host = open(matrix);
      const products = new Float32Array(left.length * right.length);
      left.forEach((row, at) =>
        right.forEach((other, to) => {
          products[at * right.length + to] = innerProduct(host, row, other);
        }),
      );
      return products;
    },
    dispose() {
      alive.clear();
    },
  };
}

function innerProduct({ values, dims }: HostMatrix, left: number, right: number): number {
  let sum = 0;
  for (let k = 0; k < dims; k++) sum += values[left * dims + k]! * values[right * dims + k]!;
  return sum;
}

function distance({ values, dims }: HostMatrix, row: number, point: Float32Array | Float64Array): number {
  let sum = 0;
  for (let k = 0; k < dims; k++) sum += (values[row * dims + k]! - point[k]!) ** 2;
  return Math.sqrt(sum);
}

function scoreAll({ values, rows, dims }: HostMatrix, layer: LinearLayer, activation: Activation) {
  if (layer.dims !== dims)
    throw new RangeError(`The layer takes ${layer.dims} dimensions, the matrix has ${dims}.`);
  const { classes, weights, bias } = layer;
  const logits = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < classes; c++) {
      let sum = bias[c]!;
      for (let k = 0; k < dims; k++) sum += values[row * dims + k]! * weights[k * classes + c]!;
      logits[row * classes + c] = sum;
    }
  }
  return scoresFromLogits(logits, rows, classes, activation);
}

function farthestFirst(
  matrix: HostMatrix,
  candidates: Uint32Array,
  centres: Uint32Array,
  count: number,
  stop: StopSignal | null,
) {
  throwIfExhausted(count, candidates.length);
  const { values, dims } = matrix;
  const rowOf = (row: number) => values.subarray(row * dims, (row + 1) * dims);
  // Ascending, so that the first of equals is the lowest row.
  const left = Array.from(candidates).sort((a, b) => a - b);
  const nearest = left.map((row) => {
    let least = Infinity;
    for (const centre of centres) least = Math.min(least, distance(matrix, row, rowOf(centre)));
    return least;
  });
  const rows = new Uint32Array(count);
  const distances = new Float32Array(count);
  for (let turn = 0; turn < count; turn++) {
    throwIfStopped(stop);
    let best = 0;
    if (turn === 0 && centres.length === 0) {
      const mean = meanOf(matrix, left);
      const toMean = left.map((row) => distance(matrix, row, mean));
      toMean.forEach((value, at) => (best = value < toMean[best]! ? at : best));
      distances[turn] = toMean[best]!;
    } else {
      nearest.forEach((value, at) => (best = value > nearest[best]! ? at : best));
      distances[turn] = nearest[best]!;
    }
    const row = (rows[turn] = left[best]!);
    left.splice(best, 1);
    nearest.splice(best, 1);
    left.forEach((other, at) => {
      nearest[at] = Math.min(nearest[at]!, distance(matrix, other, rowOf(row)));
    });
  }
  return { rows, distances };
}

function meanOf({ values, dims }: HostMatrix, rows: readonly number[]): Float64Array {
  const mean = new Float64Array(dims);
  for (const row of rows) for (let k = 0; k < dims; k++) mean[k]! += values[row * dims + k]! / rows.length;
  return mean;
}
