// The reference kernels that are products and rankings: scores, neighbours, density, multiply, top-k.

import { throwIfExhausted, throwIfStopped, type StopSignal } from "../../errors";
import type { Activation, LinearLayer, Scores } from "../kernels";
import { scoresFromLogits } from "../scores";
import { ascending, innerProduct, meanOf, type HostMatrix } from "./host-matrix";

/** matrix · right in float64, rows × columns. */
function product({ values, rows, dims }: HostMatrix, right: Float32Array, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let k = 0; k < dims; k++)
        result[row * columns + column]! += values[row * dims + k]! * right[k * columns + column]!;
  return result;
}

export function scores(matrix: HostMatrix, layer: LinearLayer, activation: Activation): Scores {
  if (layer.dims !== matrix.dims)
    throw new RangeError(`The layer takes ${layer.dims} dimensions, the matrix has ${matrix.dims}.`);
  const { classes, weights, bias } = layer;
  const logits = product(matrix, weights, classes).map((value, at) => value + bias[at % classes]!);
  return scoresFromLogits(logits, matrix.rows, classes, activation);
}

export function multiply(matrix: HostMatrix, right: Float32Array, columns: number): Float32Array {
  if (right.length !== matrix.dims * columns)
    throw new RangeError(`${right.length} values do not make ${matrix.dims} rows of ${columns}.`);
  return Float32Array.from(product(matrix, right, columns));
}

export function innerProducts(matrix: HostMatrix, left: Uint32Array, right: Uint32Array): Float32Array {
  const products = new Float32Array(left.length * right.length);
  left.forEach((row, at) =>
    right.forEach((other, to) => {
      products[at * right.length + to] = innerProduct(matrix, row, other);
    }),
  );
  return products;
}

export function density(matrix: HostMatrix, candidates: Uint32Array): Float32Array {
  const mean = meanOf(matrix, candidates);
  const { values, rows, dims } = matrix;
  return Float32Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < dims; k++) sum += values[row * dims + k]! * mean[k]!;
    return sum;
  });
}

export function topK(values: Float32Array, candidates: Uint32Array, count: number): Uint32Array {
  throwIfExhausted(count, candidates.length);
  const numbers = ascending(candidates).filter((row) => !Number.isNaN(values[row]!));
  const rest = ascending(candidates).filter((row) => Number.isNaN(values[row]!));
  // Sorting is stable, so equal ones stay in ascending order; comparing, because infinities have no difference.
  numbers.sort((a, b) => (values[a]! === values[b]! ? 0 : values[a]! > values[b]! ? -1 : 1));
  return Uint32Array.from([...numbers, ...rest].slice(0, count));
}

export function nearest(
  matrix: HostMatrix,
  queries: Uint32Array,
  k: number,
  stop: StopSignal | null,
): { rows: Uint32Array; products: Float32Array } {
  const rows = new Uint32Array(queries.length * k);
  const products = new Float32Array(queries.length * k).fill(-Infinity);
  queries.forEach((query, at) => {
    throwIfStopped(stop);
    const others = Array.from({ length: matrix.rows }, (_, row) => ({
      row,
      product: innerProduct(matrix, query, row),
    })).filter(({ row }) => row !== query);
    others.sort((a, b) => b.product - a.product || a.row - b.row);
    for (let to = 0; to < k; to++) {
      rows[at * k + to] = others[to]?.row ?? query;
      if (others[to]) products[at * k + to] = others[to].product;
    }
  });
  return { rows, products };
}
