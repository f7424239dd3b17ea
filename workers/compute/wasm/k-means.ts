// Lloyd's k-means: products with all centres in blocks, the doubtful assignments and the means in float64.

import { throwIfStopped, type StopSignal } from "../../../src/core/errors";
import { createPace } from "./pace";
import type { RowMemory } from "./row-memory";

/** Rows assigned at a time, and beyond them the tile that is written whole. */
const rowsPerBlock = 256;
const tileRows = 8;

export async function kMeans(
  matrix: RowMemory,
  candidates: Uint32Array,
  given: Float32Array,
  iterations: number,
  stop: StopSignal | null,
): Promise<{ clusters: Uint32Array; centres: Float32Array; squaredDistances: Float32Array }> {
  const { wasm, stride, dims } = matrix;
  if (given.length === 0 || given.length % dims !== 0)
    throw new RangeError(`${given.length} numbers do not make centres of ${dims} dimensions.`);
  const count = candidates.length;
  const k = given.length / dims;
  const width = Math.ceil(k / 4) * 4;
  matrix.prepare(false);
  const list = matrix.put(candidates);
  const clusters = matrix.scratch(count * 4);
  const centres = matrix.scratch(k * stride * 8);
  const narrow = matrix.scratch(k * stride * 4);
  const squares = matrix.scratch(k * 8);
  const sums = matrix.scratch(k * stride * 8);
  const sizes = matrix.scratch(k * 4);
  const packed = matrix.scratch(width * stride * 4);
  const block = matrix.scratch((rowsPerBlock + tileRows) * width * 4);
  const squared = matrix.scratch(count * 8);
  const places = matrix.f64(centres, k * stride).fill(0);
  for (let at = 0; at < given.length; at++) places[Math.floor(at / dims) * stride + (at % dims)] = given[at]!;
  // No cluster, so that the first assignment changes all.
  matrix.u32(clusters, count).fill(k);
  const pace = createPace(stop);

  const assign = async () => {
    matrix.f32(narrow, k * stride).set(places);
    const own = matrix.f64(squares, k);
    for (let c = 0; c < k; c++) {
      own[c] = 0;
      for (let at = c * stride; at < (c + 1) * stride; at++) own[c]! += places[at]! ** 2;
    }
    wasm.packRows(0, narrow, k, packed);
    let changed = 0;
    for (let from = 0; from < count; from += rowsPerBlock) {
      const length = Math.min(rowsPerBlock, count - from);
      const rows = list + from * 4;
      wasm.multiplyBlock(rows, 0, length, packed, width, block);
      changed += wasm.assignBlock(rows, length, block, width, squares, centres, k, clusters + from * 4);
      await pace();
    }
    return changed;
  };

  await assign();
  for (let turn = 0; turn < iterations; turn++) {
    throwIfStopped(stop);
    matrix.f64(sums, k * stride).fill(0);
    matrix.u32(sizes, k).fill(0);
    wasm.addToMeans(list, count, clusters, sums, sizes);
    const totals = matrix.f64(sums, k * stride);
    matrix.u32(sizes, k).forEach((size, c) => {
      if (size > 0) for (let at = c * stride; at < (c + 1) * stride; at++) places[at] = totals[at]! / size;
    });
    if ((await assign()) === 0) break;
  }
  wasm.squaredDistancesToPoint(list, count, centres, clusters, squared);
  return {
    clusters: matrix.u32(clusters, count).slice(),
    centres: Float32Array.from(given, (_, at) => places[Math.floor(at / dims) * stride + (at % dims)]!),
    squaredDistances: Float32Array.from(matrix.f64(squared, count)),
  };
}
