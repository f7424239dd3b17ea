// The kernels on tfjs, for the wasm and webgpu tiers: dense products on the backend, the cheap rest on the
// host. Must agree with core's reference; ties go to the lowest row.

import * as tf from "@tensorflow/tfjs-core";
import { throwIfExhausted, throwIfStopped } from "../../src/core/errors";
import type { Kernels, LinearLayer, ResidentMatrix, Tier } from "../../src/core/kernels";
import { scoresFromLogits } from "../../src/core/scores";

/** Centres taken together when distances start from many: bounds the product to rows × 64 floats. */
const centresPerPass = 64;

/**
 * Share of the squared norms below which their difference is mostly rounding, and twins would seem apart.
 * Such pairs are rare and are measured again exactly.
 */
const cancelled = 1e-4;

interface TfjsMatrix extends ResidentMatrix {
  /** The caller's values, not a copy; they must not change while this lives. */
  readonly values: Float32Array;
  readonly tensor: tf.Tensor2D;
  readonly squaredNorms: Float32Array;
}

/** @param failure what went wrong on the device so far, or null: tfjs itself never says. */
export function createTfjsKernels(tier: Tier, failure: () => string | null): Kernels {
  async function read(tensor: tf.Tensor): Promise<Float32Array> {
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    const reason = failure();
    if (reason) throw new Error(`The ${tier} arithmetic failed: ${reason}`);
    return values;
  }

  function columns(matrix: TfjsMatrix, rows: ArrayLike<number>): tf.Tensor2D {
    return tf.tensor2d(gather(matrix, rows), [rows.length, matrix.dims]);
  }

  /** Squared distances of all rows to the given rows, as rows × centres. */
  async function squaredDistances(matrix: TfjsMatrix, centres: ArrayLike<number>): Promise<Float32Array> {
    const products = await read(
      tf.tidy(() => tf.matMul(matrix.tensor, columns(matrix, centres), false, true)),
    );
    const { squaredNorms } = matrix;
    const width = centres.length;
    for (let row = 0; row < matrix.rows; row++) {
      for (let at = 0; at < width; at++) {
        const place = row * width + at;
        const norms = squaredNorms[row]! + squaredNorms[centres[at]!]!;
        const squared = norms - 2 * products[place]!;
        products[place] = squared > cancelled * norms ? squared : squaredDistance(matrix, row, centres[at]!);
      }
    }
    return products;
  }

  return {
    tier,

    async upload(values, rows, dims) {
      const squaredNorms = new Float32Array(rows);
      for (let row = 0; row < rows; row++) squaredNorms[row] = squaredNorm(values, row, dims);
      const tensor = tf.tensor2d(values, [rows, dims]);
      const matrix: TfjsMatrix = {
        values,
        rows,
        dims,
        tensor,
        squaredNorms,
        dispose: () => tensor.dispose(),
      };
      return matrix;
    },

    async scores(matrix, layer, activation) {
      const { tensor, rows } = matrix as TfjsMatrix;
      const logits = await read(
        tf.tidy(() => tf.add(tf.matMul(tensor, weights(layer)), tf.tensor1d(layer.bias))),
      );
      return scoresFromLogits(logits, rows, layer.classes, activation);
    },

    async farthestFirst(resident, given, centres, count, stop) {
      throwIfExhausted(count, given.length);
      const matrix = resident as TfjsMatrix;
      // Ascending, so that the first of equals is the lowest row.
      const candidates = given.slice().sort();
      const nearest = new Float32Array(matrix.rows).fill(Infinity);
      for (let from = 0; from < centres.length; from += centresPerPass) {
        throwIfStopped(stop);
        lower(nearest, await squaredDistances(matrix, centres.subarray(from, from + centresPerPass)));
      }
      const rows = new Uint32Array(count);
      const distances = new Float32Array(count);
      for (let pick = 0; pick < count; pick++) {
        throwIfStopped(stop);
        const first = pick === 0 && centres.length === 0;
        const { row, squared } = first
          ? nearestToMean(matrix, candidates)
          : farthest(nearest, candidates, rows.subarray(0, pick));
        rows[pick] = row;
        distances[pick] = Math.sqrt(squared);
        if (pick + 1 < count) lower(nearest, await squaredDistances(matrix, [row]));
      }
      return { rows, distances };
    },

    async innerProducts(resident, left, right) {
      const matrix = resident as TfjsMatrix;
      return read(tf.tidy(() => tf.matMul(columns(matrix, left), columns(matrix, right), false, true)));
    },

    dispose: () => tf.disposeVariables(),
  };
}

function weights({ weights, dims, classes }: LinearLayer): tf.Tensor2D {
  return tf.tensor2d(weights, [dims, classes]);
}

function gather({ values, dims }: TfjsMatrix, rows: ArrayLike<number>): Float32Array {
  const gathered = new Float32Array(rows.length * dims);
  for (let at = 0; at < rows.length; at++) {
    gathered.set(values.subarray(rows[at]! * dims, (rows[at]! + 1) * dims), at * dims);
  }
  return gathered;
}

function squaredNorm(values: Float32Array, row: number, dims: number): number {
  let sum = 0;
  for (let at = row * dims; at < (row + 1) * dims; at++) sum += values[at]! * values[at]!;
  return sum;
}

function squaredDistance({ values, dims }: TfjsMatrix, row: number, other: number): number {
  let sum = 0;
  for (let at = 0; at < dims; at++) sum += (values[row * dims + at]! - values[other * dims + at]!) ** 2;
  return sum;
}

function lower(nearest: Float32Array, distances: Float32Array): void {
  const width = distances.length / nearest.length;
  for (let row = 0; row < nearest.length; row++) {
    for (let at = row * width; at < (row + 1) * width; at++) {
      if (distances[at]! < nearest[row]!) nearest[row] = distances[at]!;
    }
  }
}

interface Pick {
  readonly row: number;
  /** Squared distance to the nearest centre, or to the mean. */
  readonly squared: number;
}

function farthest(nearest: Float32Array, candidates: Uint32Array, taken: Uint32Array): Pick {
  const done = new Set(taken);
  let best = -1;
  for (const row of candidates) {
    if ((best < 0 || nearest[row]! > nearest[best]!) && !done.has(row)) best = row;
  }
  return { row: best, squared: nearest[best]! };
}

function nearestToMean({ values, dims }: TfjsMatrix, candidates: Uint32Array): Pick {
  const mean = new Float64Array(dims);
  for (const row of candidates)
    for (let at = 0; at < dims; at++) mean[at]! += values[row * dims + at]! / candidates.length;
  let best = candidates[0]!;
  let bestDistance = Infinity;
  for (const row of candidates) {
    let distance = 0;
    for (let at = 0; at < dims; at++) distance += (values[row * dims + at]! - mean[at]!) ** 2;
    if (distance < bestDistance) {
      best = row;
      bestDistance = distance;
    }
  }
  return { row: best, squared: bestDistance };
}
