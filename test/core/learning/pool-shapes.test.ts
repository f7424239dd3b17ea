// How a pool's own spread and neighbours weigh the directions of its embeddings.

import { expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { graphFromNearest } from "../../../src/core/graph/graph";
import { plainProducts } from "../../../src/core/learning/linear-products";
import { applyShape, shapesOf } from "../../../src/core/learning/pool-shapes";
import { createRandom } from "../../../src/core/random";
import { quickGraph } from "../quick-graph";

const rows = 200;
const dims = 6;

/** The first direction is wide, the others narrow, and none is centred. */
function wide(): Float32Array {
  const random = createRandom(5);
  return Float32Array.from(
    { length: rows * dims },
    (_, at) => 0.5 + (at % dims === 0 ? 2 : 0.2) * random.normal(),
  );
}

function variances(values: Float32Array): number[] {
  const means = new Float64Array(dims);
  values.forEach((value, at) => (means[at % dims]! += value / rows));
  const found = new Array<number>(dims).fill(0);
  values.forEach((value, at) => (found[at % dims]! += (value - means[at % dims]!) ** 2 / rows));
  means.forEach((mean) => expect(Math.abs(mean)).toBeLessThan(1e-4));
  return found;
}

test("shaped rows are centred, with a mean squared length of 1, and wide directions grow wider", () => {
  const values = wide();
  const graph = quickGraph(values, rows, dims);
  const shapes = shapesOf({ values, rows, graph }, dims, plainProducts, null);
  expect(shapes).toHaveLength(2);
  const before = values.reduce((sum, value, at) => sum + (at % dims === 0 ? (value - 0.5) ** 2 : 0), 0);
  const others = values.reduce((sum, value, at) => sum + (at % dims === 0 ? 0 : (value - 0.5) ** 2), 0);
  for (const shape of shapes) {
    const after = variances(applyShape(shape, values, rows, dims, plainProducts));
    expect(after.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 3);
    expect(Math.max(...after)).toBeGreaterThan(before / (before + others));
  }
});

test("the spread's shape is the covariance itself, with a thousandth of its widest variance added", () => {
  const values = wide();
  const [shape] = shapesOf({ values, rows, graph: null }, dims, plainProducts, null);
  const means = Array.from({ length: dims }, (_, k) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += values[row * dims + k]!;
    return sum / rows;
  });
  const covariance = (j: number, k: number) => {
    let sum = 0;
    for (let row = 0; row < rows; row++)
      sum += (values[row * dims + j]! - means[j]!) * (values[row * dims + k]! - means[k]!);
    return sum / rows;
  };
  // The first direction is so much wider that its variance is nearly the largest eigenvalue.
  const widest = covariance(0, 0);
  for (let j = 0; j < dims; j++)
    for (let k = 0; k < dims; k++) {
      const expected = (covariance(j, k) + (j === k ? 0.001 * widest : 0)) / (1.001 * widest);
      expect(shape![j * dims + k]! / shape![0]!).toBeCloseTo(expected, 4);
    }
});

test("without a graph there is the shape by spread alone, and the graph's once it is there", () => {
  const values = wide();
  expect(shapesOf({ values, rows, graph: null }, dims, plainProducts, null)).toHaveLength(1);
  const graph = quickGraph(values, rows, dims);
  expect(shapesOf({ values, rows, graph }, dims, plainProducts, null)).toHaveLength(2);
});

test("the neighbours' shape guesses the sum over neighbours", () => {
  // Neighbours are of the same sign in the first direction, and anything in the others.
  const random = createRandom(9);
  const values = Float32Array.from({ length: rows * dims }, (_, at) =>
    at % dims === 0 ? (Math.floor(at / dims) % 2 ? 1 : -1) : random.normal(),
  );
  const each = 6;
  const nearest = Uint32Array.from(
    { length: rows * each },
    (_, at) => (Math.floor(at / each) + 2 * (1 + (at % each))) % rows,
  );
  const graph = graphFromNearest(nearest, new Float32Array(rows * each).fill(1), rows);
  const [, shape] = shapesOf({ values, rows, graph }, dims, plainProducts, null);
  const columns = Array.from({ length: dims }, (_, k) =>
    Math.hypot(...Array.from({ length: dims }, (_, j) => shape![j * dims + k]!)),
  );
  expect(columns[0]).toBeGreaterThan(3 * Math.max(...columns.slice(1)));
});

test("equal rows, or numbers that are none, have no shape", () => {
  const equal = new Float32Array(rows * dims).fill(1);
  expect(shapesOf({ values: equal, rows, graph: null }, dims, plainProducts, null)).toEqual([]);
  const broken = wide().fill(NaN, 0, 1);
  expect(shapesOf({ values: broken, rows, graph: null }, dims, plainProducts, null)).toEqual([]);
});

test("stops when told", () => {
  const pool = { values: wide(), rows, graph: null };
  expect(() => shapesOf(pool, dims, plainProducts, { aborted: true })).toThrow(Stopped);
});
