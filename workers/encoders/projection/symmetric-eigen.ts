// Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations (Golub & Van Loan, Matrix
// Computations, 8.5): slow for thousands of rows, exact and simple for the few hundred there are here.

import type { Pace } from "./pacing";

export interface Eigen {
  /** Descending. */
  readonly values: Float64Array;
  /** size × size, row-major; column k belongs to value k and has length 1. */
  readonly vectors: Float64Array;
}

/** Far more than matrices of this size need. */
const mostSweeps = 30;

/** @param matrix size × size, row-major, symmetric; it is overwritten. */
export async function symmetricEigen(matrix: Float64Array, size: number, pace: Pace): Promise<Eigen> {
  const vectors = new Float64Array(size * size);
  for (let at = 0; at < size; at++) vectors[at * size + at] = 1;
  const whole = squaresOf(matrix);
  for (let sweep = 0; sweep < mostSweeps && offDiagonal(matrix, size) > 1e-20 * whole; sweep++)
    for (let one = 0; one < size - 1; one++) {
      for (let two = one + 1; two < size; two++) rotate(matrix, vectors, size, one, two);
      await pace();
    }
  const order = Array.from({ length: size }, (_, at) => at).sort(
    (a, b) => matrix[b * size + b]! - matrix[a * size + a]! || a - b,
  );
  const sorted = new Float64Array(size * size);
  // `vectors` holds them as rows, which the rotations run along.
  order.forEach((from, to) => {
    for (let at = 0; at < size; at++) sorted[at * size + to] = vectors[from * size + at]!;
  });
  return { values: Float64Array.from(order, (at) => matrix[at * size + at]!), vectors: sorted };
}

function squaresOf(matrix: Float64Array): number {
  let sum = 0;
  for (const value of matrix) sum += value * value;
  return sum;
}

function offDiagonal(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let one = 0; one < size; one++)
    for (let two = 0; two < one; two++) sum += 2 * matrix[one * size + two]! ** 2;
  return sum;
}

/** Turns the plane of two axes so that the entry between them becomes 0. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, one: number, two: number): void {
  const between = a[one * size + two]!;
  // Far below what rounding leaves of the two eigenvalues; late sweeps consist of these.
  if (Math.abs(between) <= 1e-13 * Math.sqrt(Math.abs(a[one * size + one]! * a[two * size + two]!))) return;
  const theta = (a[two * size + two]! - a[one * size + one]!) / (2 * between);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let at = 0; at < size; at++) {
    const left = a[one * size + at]!;
    const right = a[two * size + at]!;
    a[one * size + at] = cosine * left - sine * right;
    a[two * size + at] = sine * left + cosine * right;
    const vectorLeft = vectors[one * size + at]!;
    const vectorRight = vectors[two * size + at]!;
    vectors[one * size + at] = cosine * vectorLeft - sine * vectorRight;
    vectors[two * size + at] = sine * vectorLeft + cosine * vectorRight;
  }
  for (let at = 0; at < size; at++) {
    const left = a[at * size + one]!;
    const right = a[at * size + two]!;
    a[at * size + one] = cosine * left - sine * right;
    a[at * size + two] = sine * left + cosine * right;
  }
}
