// Everything that is products of rows: with a small matrix, with each other, with their mean; and the nearest of
// each. In blocks, so that scratch stays small however large the answer is.

import type { StopSignal } from "../../../src/core/errors";
import type { Activation, LinearLayer, Scores } from "../../../src/core/kernels/kernels";
import { scoresFromLogits } from "../../../src/core/kernels/scores";
import { createPace } from "./pace";
import type { RowMemory } from "./row-memory";

/** Rows multiplied at a time. */
const rowsPerBlock = 256;
/** Columns packed at a time: 800 kB at 384 dimensions, within a second-level cache. */
const columnsPerBlock = 512;
/** A block's result is written in tiles of up to eight rows. */
const tileRows = 8;
/** Numbers of weights that fit into the first cache, 32 kB as a rule, beside four rows. */
const mostWeights = 6144;

const padded = (columns: number) => Math.ceil(columns / 4) * 4;
const packedBytes = ({ stride }: RowMemory, columns: number) => padded(columns) * stride * 4;
const blockBytes = (width: number) => (rowsPerBlock + tileRows) * width * 4;

/** Runs over 0 … count in steps, with how many there are in each. */
function* blocks(count: number, step: number): Generator<readonly [from: number, length: number]> {
  for (let from = 0; from < count; from += step) yield [from, Math.min(step, count - from)];
}

export async function multiply(
  matrix: RowMemory,
  right: Float32Array,
  columns: number,
): Promise<Float32Array> {
  const { wasm, rows, dims } = matrix;
  if (right.length !== dims * columns)
    throw new RangeError(`${right.length} values do not make ${dims} rows of ${columns}.`);
  const result = new Float32Array(rows * columns);
  if (columns === 0) return result;
  const width = padded(columns);
  const packed = matrix.scratch(packedBytes(matrix, columns));
  const block = matrix.scratch(blockBytes(width));
  const answer = matrix.scratch(rowsPerBlock * columns * 4);
  const bounds = matrix.scratch(Math.ceil(columns / 8) * 8);
  const given = matrix.put(right);
  wasm.packColumns(given, dims, columns, packed);
  wasm.boundPanels(given, dims, columns, bounds);
  for (const [from, length] of blocks(rows, rowsPerBlock)) {
    wasm.multiplyBounded(0, from, length, packed, width, block, bounds);
    wasm.unpad(block, length, width, columns, answer);
    result.set(matrix.f32(answer, length * columns), from * columns);
  }
  return result;
}

export async function scores(matrix: RowMemory, layer: LinearLayer, activation: Activation): Promise<Scores> {
  const { wasm, rows, dims } = matrix;
  const { classes, weights, bias } = layer;
  if (layer.dims !== dims)
    throw new RangeError(`The layer takes ${layer.dims} dimensions, the matrix has ${dims}.`);
  if (activation === "sigmoid" || classes < 2) {
    const logits = await multiply(matrix, weights, classes);
    for (let at = 0; at < logits.length; at++) logits[at]! += bias[at % classes]!;
    return scoresFromLogits(logits, rows, classes, activation);
  }
  const found = {
    probabilities: new Float32Array(rows * classes),
    leastConfidence: new Float32Array(rows),
    margin: new Float32Array(rows),
    entropy: new Float32Array(rows),
  };
  const width = padded(classes);
  const logitsOf = logitsInBlocks(matrix, weights, classes, width);
  const block = matrix.scratch(blockBytes(width));
  // 16 bytes to spare: probabilities are written four at a time.
  const shares = matrix.scratch(rowsPerBlock * classes * 4 + 16);
  const [sure, margin, entropy] = [0, 1, 2].map(() => matrix.scratch(rowsPerBlock * 4)) as [
    number,
    number,
    number,
  ];
  const shift = matrix.put(bias);
  for (const [from, length] of blocks(rows, rowsPerBlock)) {
    logitsOf(from, length, block);
    const perNat = 1 / Math.log(classes);
    wasm.scoreBlock(block, length, width, shift, classes, shares, sure, margin, entropy, perNat);
    found.probabilities.set(matrix.f32(shares, length * classes), from * classes);
    found.leastConfidence.set(matrix.f32(sure, length), from);
    found.margin.set(matrix.f32(margin, length), from);
    found.entropy.set(matrix.f32(entropy, length), from);
  }
  return found;
}

/**
 * Writes logits without the bias, rows of `width`. With few classes by inner products, which waste nothing on what
 * is between the classes and the next multiple of 4; with many the weights leave the first cache, and blocks win.
 */
function logitsInBlocks(
  matrix: RowMemory,
  weights: Float32Array,
  classes: number,
  width: number,
): (from: number, count: number, block: number) => void {
  const { wasm, dims, stride } = matrix;
  if (classes * stride > mostWeights) {
    const packed = matrix.scratch(packedBytes(matrix, classes));
    wasm.packColumns(matrix.put(weights), dims, classes, packed);
    return (from, count, block) => wasm.multiplyBlock(0, from, count, packed, width, block);
  }
  const byClass = new Float32Array(classes * stride);
  for (let c = 0; c < classes; c++)
    for (let k = 0; k < dims; k++) byClass[c * stride + k] = weights[k * classes + c]!;
  const lines = matrix.put(byClass);
  const none = matrix.put(new Float32Array(classes));
  return (from, count, block) =>
    wasm.fillLine(matrix.address(from), count, stride * 4, classes, 1, width, lines, none, block);
}

export async function innerProducts(
  matrix: RowMemory,
  left: Uint32Array,
  right: Uint32Array,
): Promise<Float32Array> {
  const { wasm } = matrix;
  const result = new Float32Array(left.length * right.length);
  const widest = padded(Math.min(right.length, columnsPerBlock));
  const lefts = matrix.put(left);
  const rights = matrix.put(right);
  const packed = matrix.scratch(packedBytes(matrix, widest));
  const block = matrix.scratch(blockBytes(widest));
  for (const [column, columns] of blocks(right.length, columnsPerBlock)) {
    const width = padded(columns);
    wasm.packRows(rights + column * 4, 0, columns, packed);
    for (const [from, length] of blocks(left.length, rowsPerBlock)) {
      wasm.multiplyBlock(lefts + from * 4, 0, length, packed, width, block);
      for (let at = 0; at < length; at++)
        result.set(matrix.f32(block + at * width * 4, columns), (from + at) * right.length + column);
    }
  }
  return result;
}

export async function density(matrix: RowMemory, candidates: Uint32Array): Promise<Float32Array> {
  const { wasm, stride, dims } = matrix;
  if (candidates.length === 0) return new Float32Array(matrix.rows);
  const sums = matrix.scratch(stride * 8);
  const list = matrix.put(candidates);
  matrix.f64(sums, stride).fill(0);
  wasm.addToMean(list, candidates.length, sums);
  return multiply(
    matrix,
    Float32Array.from(matrix.f64(sums, dims), (sum) => sum / candidates.length),
    1,
  );
}

export async function nearest(
  matrix: RowMemory,
  queries: Uint32Array,
  k: number,
  stop: StopSignal | null,
): Promise<{ rows: Uint32Array; products: Float32Array }> {
  const { wasm } = matrix;
  const pace = createPace(stop);
  const rows = new Uint32Array(queries.length * k);
  const products = new Float32Array(queries.length * k).fill(-Infinity);
  if (k === 0) return { rows, products };
  queries.forEach((query, at) => rows.fill(query, at * k, (at + 1) * k));
  const most = padded(Math.min(queries.length, columnsPerBlock));
  const packed = matrix.scratch(packedBytes(matrix, most));
  const block = matrix.scratch(blockBytes(most));
  const list = matrix.scratch(most * 4);
  const thresholds = matrix.scratch(most * 4);
  const bestRows = matrix.scratch(most * k * 4);
  const bestProducts = matrix.scratch(most * k * 4);
  for (const [query, columns] of blocks(queries.length, columnsPerBlock)) {
    const width = padded(columns);
    const [start, end] = [query * k, (query + columns) * k];
    matrix.u32(list, columns).set(queries.subarray(query, query + columns));
    matrix.f32(thresholds, width).fill(Infinity).fill(-Infinity, 0, columns);
    matrix.u32(bestRows, columns * k).set(rows.subarray(start, end));
    matrix.f32(bestProducts, columns * k).fill(-Infinity);
    wasm.packRows(list, 0, columns, packed);
    for (const [from, length] of blocks(matrix.rows, rowsPerBlock)) {
      await pace();
      wasm.multiplyBlock(0, from, length, packed, width, block);
      wasm.keepNearest(block, from, length, width, thresholds, list, k, bestProducts, bestRows);
    }
    rows.set(matrix.u32(bestRows, columns * k), start);
    products.set(matrix.f32(bestProducts, columns * k), start);
  }
  return { rows, products };
}
