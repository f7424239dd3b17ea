// The two products of every fit of linear layers, which are nearly all of its work. This is the hot loop of every
// refit.

import type { RowLoss, RowProblem } from "./row-loss";
import type { StepMemory } from "./step-memory";

/** A tier may have faster ones than these here. */
export interface LinearProducts {
  /**
   * logits = X Wᵀ + b.
   * @param point width × dims weights, then width biases.
   * @param logits rows × width, the answer.
   */
  fillLogits(
    features: Float32Array,
    rows: number,
    dims: number,
    width: number,
    point: Float64Array,
    logits: Float64Array,
  ): void;
  /** gradient += residualsᵀ · [X, 1], in the order of the point. */
  addGradient(
    features: Float32Array,
    rows: number,
    dims: number,
    width: number,
    residuals: Float64Array,
    gradient: Float64Array,
  ): void;
  /**
   * A faster ./row-loss for fits, where there is one for such a problem. It lives until the next is opened.
   */
  openRowLoss?(problem: RowProblem): RowLoss | null;
  /** A faster ./step-memory for the same fits, with the same life. */
  openStepMemory?(length: number, most: number): StepMemory;
}

/** Core's own, for where there are no faster ones. */
export const plainProducts: LinearProducts = { fillLogits, addGradient };

/** Two rows and four classes share each read: the loop is bound by loads, not by arithmetic. */
function fillLogits(
  features: Float32Array,
  rows: number,
  dims: number,
  width: number,
  point: Float64Array,
  logits: Float64Array,
): void {
  const biases = width * dims;
  for (let row = 0; row < rows; row += 2) {
    const start = row * dims;
    // The last row of an odd number is done twice.
    const next = row + 1 < rows ? start + dims : start;
    const to = row * width;
    const toNext = row + 1 < rows ? to + width : to;
    let column = 0;
    for (; column + 4 <= width; column += 4) {
      const w0 = column * dims;
      const w1 = w0 + dims;
      const w2 = w1 + dims;
      const w3 = w2 + dims;
      let s0 = point[biases + column]!;
      let s1 = point[biases + column + 1]!;
      let s2 = point[biases + column + 2]!;
      let s3 = point[biases + column + 3]!;
      let [t0, t1, t2, t3] = [s0, s1, s2, s3];
      for (let k = 0; k < dims; k++) {
        const x = features[start + k]!;
        const y = features[next + k]!;
        const a = point[w0 + k]!;
        const b = point[w1 + k]!;
        const c = point[w2 + k]!;
        const d = point[w3 + k]!;
        s0 += x * a;
        s1 += x * b;
        s2 += x * c;
        s3 += x * d;
        t0 += y * a;
        t1 += y * b;
        t2 += y * c;
        t3 += y * d;
      }
      logits[to + column] = s0;
      logits[to + column + 1] = s1;
      logits[to + column + 2] = s2;
      logits[to + column + 3] = s3;
      logits[toNext + column] = t0;
      logits[toNext + column + 1] = t1;
      logits[toNext + column + 2] = t2;
      logits[toNext + column + 3] = t3;
    }
    for (; column < width; column++) {
      let sum = point[biases + column]!;
      let nextSum = sum;
      for (let k = 0; k < dims; k++) {
        const weight = point[column * dims + k]!;
        sum += features[start + k]! * weight;
        nextSum += features[next + k]! * weight;
      }
      logits[to + column] = sum;
      logits[toNext + column] = nextSum;
    }
  }
}

/**
 * Adds residualsᵀ · [features, 1]. Four rows and two classes share each read and write: the loop is bound by
 * those, not by arithmetic.
 */
function addGradient(
  features: Float32Array,
  rows: number,
  dims: number,
  width: number,
  residuals: Float64Array,
  gradient: Float64Array,
): void {
  const biases = width * dims;
  // Past the last row or class a residual of 0 stands in, with features that are surely there.
  const residual = (row: number, column: number) =>
    row < rows && column < width ? residuals[row * width + column]! : 0;
  for (let row = 0; row < rows; row += 4) {
    const x0 = row * dims;
    const x1 = row + 1 < rows ? x0 + dims : x0;
    const x2 = row + 2 < rows ? x1 + dims : x0;
    const x3 = row + 3 < rows ? x2 + dims : x0;
    for (let column = 0; column < width; column += 2) {
      const r0 = residual(row, column);
      const r1 = residual(row + 1, column);
      const r2 = residual(row + 2, column);
      const r3 = residual(row + 3, column);
      const q0 = residual(row, column + 1);
      const q1 = residual(row + 1, column + 1);
      const q2 = residual(row + 2, column + 1);
      const q3 = residual(row + 3, column + 1);
      const to = column * dims;
      if (column + 1 < width) {
        const next = to + dims;
        for (let k = 0; k < dims; k++) {
          const a = features[x0 + k]!;
          const b = features[x1 + k]!;
          const c = features[x2 + k]!;
          const d = features[x3 + k]!;
          gradient[to + k]! += r0 * a + r1 * b + r2 * c + r3 * d;
          gradient[next + k]! += q0 * a + q1 * b + q2 * c + q3 * d;
        }
        gradient[biases + column + 1]! += q0 + q1 + q2 + q3;
      } else {
        for (let k = 0; k < dims; k++)
          gradient[to + k]! +=
            r0 * features[x0 + k]! + r1 * features[x1 + k]! + r2 * features[x2 + k]! + r3 * features[x3 + k]!;
      }
      gradient[biases + column]! += r0 + r1 + r2 + r3;
    }
  }
}
