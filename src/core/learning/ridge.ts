// Ridge regression on the marks of the classes, in closed form, with what it says of each row when that row is left
// out. Both ways to the one answer are here: by rows where they are few, by dimensions where those are fewer.

import { cholesky, transposedInverse } from "./cholesky";
import { gatherRows } from "./folds";
import type { LinearProducts } from "./linear-products";

export interface RidgeProblem {
  /** Row-major, rows × dims. */
  readonly features: Float32Array;
  readonly rows: number;
  readonly dims: number;
  /** rows × classes: 0 and 1. */
  readonly marks: Float64Array;
  readonly classes: number;
  /** Rows whose left-out answer is wanted. */
  readonly asked: Uint32Array;
}

export interface RidgeFit {
  /** dims × classes. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  /** asked × classes: what a fit without the row says of it, exactly (Allen's PRESS, 1974). */
  readonly unseen: Float64Array;
}

/** The part of the work that does not depend on the strength: made once, then fitted at several strengths. */
export interface Ridge {
  /**
   * Minimises Σ (x W + b − mark)² + strength · ‖W‖², the bias unpenalised.
   * @param strength above 0. @throws RangeError where the features are not finite.
   */
  fit(strength: number): RidgeFit;
}

/** Costs rows³ at few rows and dims² · (rows + asked) at many. */
export function openRidge(problem: RidgeProblem, products: LinearProducts): Ridge {
  return problem.rows <= problem.dims ? ridgeByRows(problem, products) : ridgeByDims(problem, products);
}

export function ridgeByRows(problem: RidgeProblem, products: LinearProducts): Ridge {
  const { features, rows, dims, marks, classes, asked } = problem;
  const gram = new Float64Array(rows * rows);
  const point = new Float64Array(rows * (dims + 1));
  point.set(features.subarray(0, rows * dims));
  products.fillLogits(features, rows, dims, rows, point, gram);
  return {
    fit(strength) {
      const root = rootOfInverse(gram, rows, strength);
      // Each class, and the bias' column of ones behind them.
      const solved = Array.from({ length: classes + 1 }, (_, column) =>
        solve(root, rows, (row) => (column < classes ? marks[row * classes + column]! : 1)),
      );
      const ones = solved[classes]!;
      const total = sumOf(ones);
      const bias = Float64Array.from({ length: classes }, (_, c) => sumOf(solved[c]!) / total);
      const weights = new Float64Array(dims * classes);
      for (let c = 0; c < classes; c++) {
        const ofClass = solved[c]!;
        for (let row = 0; row < rows; row++) {
          ofClass[row]! -= ones[row]! * bias[c]!;
          for (let k = 0; k < dims; k++)
            weights[k * classes + c]! += ofClass[row]! * features[row * dims + k]!;
        }
      }
      const unseen = new Float64Array(asked.length * classes);
      asked.forEach((row, at) => {
        let diagonal = 0;
        for (let at = row * rows + row; at < (row + 1) * rows; at++) diagonal += root[at]! * root[at]!;
        diagonal -= ones[row]! ** 2 / total;
        for (let c = 0; c < classes; c++)
          unseen[at * classes + c] = marks[row * classes + c]! - solved[c]![row]! / diagonal;
      });
      return { weights, bias, unseen };
    },
  };
}

export function ridgeByDims(problem: RidgeProblem, products: LinearProducts): Ridge {
  const { features, rows, dims, marks, classes, asked } = problem;
  const means = new Float64Array(dims);
  features.subarray(0, rows * dims).forEach((value, at) => (means[at % dims]! += value / rows));
  const centred = Float32Array.from(
    features.subarray(0, rows * dims),
    (value, at) => value - means[at % dims]!,
  );
  const shares = new Float64Array(classes);
  marks.forEach((mark, at) => (shares[at % classes]! += mark / rows));
  const scatter = transposedProduct(centred, rows, dims, Float64Array.from(centred), dims, products);
  const towards = transposedProduct(
    centred,
    rows,
    dims,
    marks.map((mark, at) => mark - shares[at % classes]!),
    classes,
    products,
  );
  const tested = gatherRows(centred, dims, asked);
  const count = asked.length;
  const point = new Float64Array(classes * (dims + 1));
  const said = new Float64Array(count * classes);
  return {
    fit(strength) {
      const root = rootOfInverse(scatter, dims, strength);
      const weights = new Float64Array(dims * classes);
      const bias = shares.slice();
      point.set(shares, classes * dims);
      for (let c = 0; c < classes; c++) {
        const ofClass = solve(root, dims, (k) => towards[c * dims + k]!);
        point.set(ofClass, c * dims);
        ofClass.forEach((weight, k) => {
          weights[k * classes + c] = weight;
          bias[c]! -= weight * means[k]!;
        });
      }
      products.fillLogits(tested, count, dims, classes, point, said);
      const taken = leverages(root, tested, count, dims, products);
      const unseen = new Float64Array(count * classes);
      asked.forEach((row, at) => {
        const kept = 1 - 1 / rows - taken[at]!;
        for (let c = 0; c < classes; c++) {
          const mark = marks[row * classes + c]!;
          unseen[at * classes + c] = mark - (mark - said[at * classes + c]!) / kept;
        }
      });
      return { weights, bias, unseen };
    },
  };
}

/** rightᵀ · left: width × dims, row-major. */
export function transposedProduct(
  left: Float32Array,
  rows: number,
  dims: number,
  right: Float64Array,
  width: number,
  products: LinearProducts,
): Float64Array {
  const product = new Float64Array(width * (dims + 1));
  products.addGradient(left, rows, dims, width, right, product);
  return product.subarray(0, width * dims);
}

/** The upper triangular U with U Uᵀ = (matrix + strength · I)⁻¹, row-major. */
function rootOfInverse(matrix: Float64Array, size: number, strength: number): Float64Array {
  const raised = matrix.slice();
  for (let at = 0; at < size; at++) raised[at * size + at]! += strength;
  return transposedInverse(cholesky(raised, size), size);
}

/** U Uᵀ v. */
function solve(root: Float64Array, size: number, given: (at: number) => number): Float64Array {
  const half = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const value = given(row);
    if (value === 0) continue;
    for (let k = row; k < size; k++) half[k]! += root[row * size + k]! * value;
  }
  const result = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let k = row; k < size; k++) sum += root[row * size + k]! * half[k]!;
    result[row] = sum;
  }
  return result;
}

/** xᵀ U Uᵀ x of each row. */
function leverages(
  root: Float64Array,
  features: Float32Array,
  rows: number,
  dims: number,
  products: LinearProducts,
): Float64Array {
  const point = new Float64Array(dims * (dims + 1));
  for (let k = 0; k < dims; k++)
    for (let column = k; column < dims; column++) point[column * dims + k] = root[k * dims + column]!;
  const halves = new Float64Array(rows * dims);
  products.fillLogits(features, rows, dims, dims, point, halves);
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let at = row * dims; at < (row + 1) * dims; at++) sum += halves[at]! * halves[at]!;
    return sum;
  });
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, one) => sum + one, 0);
}
