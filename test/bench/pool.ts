// Pools for the benchmark: rows of length 1 with classes, made from a seed.

import { createRandom } from "../../src/core/random";

export interface Pool {
  readonly values: Float32Array<ArrayBuffer>;
  readonly rows: number;
  readonly dims: number;
  readonly classes: number;
  /** The true class of each row. */
  readonly truth: Uint8Array;
}

/**
 * `clusters`: four clusters a class, as embeddings have them. `noise`: directions without any order, where no
 * bound on distances helps.
 */
export type PoolKind = "clusters" | "noise";

const clustersPerClass = 4;
/** Length of the noise beside centres of length 1: classes overlap a little. */
const spread = 1.2;

export function makePool(rows: number, dims: number, classes: number, kind: PoolKind): Pool {
  const random = createRandom(384);
  // Near enough to normal, and fast: the sum of three uniform numbers, of variance 1.
  const bell = () => 2 * (random.next() + random.next() + random.next()) - 3;
  const count = classes * clustersPerClass;
  const centres = Float32Array.from({ length: count * dims }, () => bell() / Math.sqrt(dims));
  const values = new Float32Array(rows * dims);
  const truth = new Uint8Array(rows);
  const noise = kind === "noise" ? 1000 : spread;
  for (let row = 0; row < rows; row++) {
    const cluster = random.integer(count);
    truth[row] = cluster % classes;
    const own = values.subarray(row * dims, (row + 1) * dims);
    let squared = 0;
    for (let k = 0; k < dims; k++) {
      own[k] = centres[cluster * dims + k]! + (bell() * noise) / Math.sqrt(dims);
      squared += own[k]! ** 2;
    }
    for (let k = 0; k < dims; k++) own[k]! /= Math.sqrt(squared);
  }
  return { values, rows, dims, classes, truth };
}
