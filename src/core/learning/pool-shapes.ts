// What a pool without any label says of how its embeddings should be weighed: linear maps that stress directions
// along which the pool spreads widely, or along which neighbours agree. A penalty on the weights is then mild where
// classes are likely to differ and hard on the rest (the cluster assumption: Chapelle, Weston and Schölkopf, Cluster
// Kernels for Semi-Supervised Learning, 2003).

import { cholesky, transposedInverse } from "./cholesky";
import { throwIfStopped, type StopSignal } from "../errors";
import type { NeighbourGraph } from "../graph/graph";
import type { HeadPool } from "./head";
import type { LinearProducts } from "./linear-products";
import { transposedProduct } from "./ridge";

/**
 * z = M (x − mean), scaled so that z has a mean squared length of 1 over the pool: dims × dims weights, one row for
 * each dimension of z, then dims biases.
 */
export type Shape = Float64Array;

/** As many as the maps were tried out with; at 328 dimensions up to a second, once for a pool. */
const sampledRows = 2500;
/** Of the widest direction's variance: what every direction gets, so that none is shut out. */
const spreadFloor = 0.001;
/** Of the mean variance: keeps directions in which the pool hardly spreads from being stretched. */
const neighbourFloor = 0.01;

interface Known {
  readonly rows: number;
  readonly graph: NeighbourGraph | null;
  readonly shapes: readonly Shape[];
}

/** A pool's maps are the same in every round. */
const known = new WeakMap<Float32Array, Known>();

/**
 * The maps of a pool: by its covariance Σ, z = (Σ + floor) x, which sums the whole pool weighted by likeness to x; and,
 * where there is a graph, to the best linear guess of the sum over an item's neighbours. None where all rows are equal, or a number is not finite.
 * @throws Stopped when told to stop.
 */
export function shapesOf(
  { values, rows, graph }: HeadPool,
  dims: number,
  products: LinearProducts,
  stop: StopSignal | null,
): readonly Shape[] {
  const before = known.get(values);
  if (before?.rows === rows && before.graph === graph) return before.shapes;
  const places = spreadOut(rows);
  const { sample, mean } = centredRows(values, dims, places);
  const count = places.length;
  const scale = (product: Float64Array) => product.map((value) => value / count);
  const covariance = scale(transposedProduct(sample, count, dims, Float64Array.from(sample), dims, products));
  throwIfStopped(stop);
  let trace = 0;
  for (let k = 0; k < dims; k++) trace += covariance[k * dims + k]!;
  const shapes: Shape[] = [];
  if (trace > 1e-12 && Number.isFinite(trace)) {
    const finish = (map: Float64Array) => toShape(map, covariance, mean, dims, products);
    shapes.push(finish(bySpread(covariance, dims)));
    throwIfStopped(stop);
    if (graph) {
      const sums = sumsOverNeighbours(graph, values, dims, mean, places);
      const together = scale(transposedProduct(sums, count, dims, Float64Array.from(sample), dims, products));
      throwIfStopped(stop);
      shapes.push(
        finish(byNeighbours(covariance, together, (neighbourFloor * trace) / dims, dims, products)),
      );
    }
  }
  known.set(values, { rows, graph, shapes });
  return shapes;
}

/** z of rows × dims. */
export function applyShape(
  shape: Shape,
  features: Float32Array,
  rows: number,
  dims: number,
  products: LinearProducts,
): Float32Array {
  const shaped = new Float64Array(rows * dims);
  products.fillLogits(features, rows, dims, dims, shape, shaped);
  return Float32Array.from(shaped);
}

/** Σ + floor · I: each direction stretched by the variance that the pool has along it. */
function bySpread(covariance: Float64Array, dims: number): Float64Array {
  const raised = covariance.slice();
  const floor = spreadFloor * largestEigenvalue(covariance, dims);
  for (let k = 0; k < dims; k++) raised[k * dims + k]! += floor;
  return raised;
}

/** (XᵀX + floor · I)⁻¹ XᵀSX, transposed: the least-squares guess of the sums over neighbours. */
function byNeighbours(
  covariance: Float64Array,
  together: Float64Array,
  floor: number,
  dims: number,
  products: LinearProducts,
): Float64Array {
  const raised = covariance.slice();
  for (let k = 0; k < dims; k++) raised[k * dims + k]! += floor;
  // U Uᵀ is the inverse, so that row j of the map, which guesses dimension j of the sum, is column j of
  // `together`, times U, times Uᵀ.
  const root = transposedInverse(cholesky(raised, dims), dims);
  const half = timesTransposed(transposed(together, dims), transposed(root, dims), dims, products);
  return timesTransposed(half, root, dims, products);
}

/** left · rightᵀ, all of them dims × dims. */
function timesTransposed(
  left: Float64Array,
  right: Float64Array,
  dims: number,
  products: LinearProducts,
): Float64Array {
  const point = new Float64Array(dims * (dims + 1));
  point.set(right);
  const product = new Float64Array(dims * dims);
  products.fillLogits(Float32Array.from(left), dims, dims, dims, point, product);
  return product;
}

function toShape(
  map: Float64Array,
  covariance: Float64Array,
  mean: Float64Array,
  dims: number,
  products: LinearProducts,
): Shape {
  // trace(M Σ Mᵀ) is the mean squared length of z.
  const times = timesTransposed(map, covariance, dims, products);
  let power = 0;
  times.forEach((value, at) => (power += value * map[at]!));
  const factor = power > 0 ? 1 / Math.sqrt(power) : 0;
  const shape = new Float64Array(dims * (dims + 1));
  for (let j = 0; j < dims; j++)
    for (let k = 0; k < dims; k++) {
      const weight = map[j * dims + k]! * factor;
      shape[j * dims + k] = weight;
      shape[dims * dims + j]! -= weight * mean[k]!;
    }
  return shape;
}

/** Σ over neighbours of weight · (x − mean). */
function sumsOverNeighbours(
  { offsets, neighbours, weights }: NeighbourGraph,
  values: Float32Array,
  dims: number,
  mean: Float64Array,
  places: Uint32Array,
): Float32Array {
  const sums = new Float32Array(places.length * dims);
  places.forEach((row, at) => {
    const to = at * dims;
    for (let edge = offsets[row]!; edge < offsets[row + 1]!; edge++) {
      const weight = weights[edge]!;
      const from = neighbours[edge]! * dims;
      for (let k = 0; k < dims; k++) sums[to + k]! += weight * (values[from + k]! - mean[k]!);
    }
  });
  return sums;
}

/** Evenly through the pool, so that they are the same whatever the seed. */
function spreadOut(rows: number): Uint32Array {
  const count = Math.min(rows, sampledRows);
  return Uint32Array.from({ length: count }, (_, at) => Math.floor((at * rows) / count));
}

function centredRows(values: Float32Array, dims: number, places: Uint32Array) {
  const mean = new Float64Array(dims);
  for (const row of places)
    for (let k = 0; k < dims; k++) mean[k]! += values[row * dims + k]! / places.length;
  const sample = new Float32Array(places.length * dims);
  places.forEach((row, at) => {
    for (let k = 0; k < dims; k++) sample[at * dims + k] = values[row * dims + k]! - mean[k]!;
  });
  return { sample, mean };
}

/** By the power method: 30 turns give it to a few hundredths, and only a floor depends on it. */
function largestEigenvalue(matrix: Float64Array, size: number): number {
  let vector = Float64Array.from({ length: size }, (_, at) => matrix[at * size + at]!);
  let length = 0;
  for (let turn = 0; turn < 30; turn++) {
    const next = new Float64Array(size);
    for (let row = 0; row < size; row++)
      for (let k = 0; k < size; k++) next[row]! += matrix[row * size + k]! * vector[k]!;
    length = Math.hypot(...next);
    if (!(length > 0)) return 0;
    vector = next.map((value) => value / length);
  }
  return length;
}

function transposed(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % size) * size + Math.floor(at / size)]!);
}
