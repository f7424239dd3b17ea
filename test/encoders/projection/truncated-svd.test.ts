// The randomised decomposition against matrices whose singular values are known, in WebAssembly and in plain
// JavaScript.

import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/core/random";
import { openAlgebra, plainAlgebra, type Algebra } from "../../../workers/encoders/projection/algebra";
import { createPace } from "../../../workers/encoders/projection/pacing";
import { multiply, transpose, type SparseMatrix } from "../../../workers/encoders/projection/sparse-matrix";
import { symmetricEigen } from "../../../workers/encoders/projection/symmetric-eigen";
import { truncatedSvd } from "../../../workers/encoders/projection/truncated-svd";

const pace = createPace(null);

function drawSparse(rows: number, columns: number, share: number, seed: number): SparseMatrix {
  const random = createRandom(seed);
  const offsets = [0];
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) if (random.next() < share) indices.push(column);
    offsets.push(indices.length);
  }
  return {
    rows,
    columns,
    offsets: Uint32Array.from(offsets),
    indices: Uint32Array.from(indices),
    values: Float32Array.from(indices, () => random.normal()),
  };
}

function toDense({ rows, columns, offsets, indices, values }: SparseMatrix): Float64Array {
  const dense = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++)
      dense[row * columns + indices[at]!] = values[at]!;
  return dense;
}

test("a transposed matrix has rows and columns exchanged", () => {
  const matrix = drawSparse(7, 5, 0.4, 1);
  const dense = toDense(matrix);
  const turned = toDense(transpose(matrix));
  for (let row = 0; row < 7; row++)
    for (let column = 0; column < 5; column++) expect(turned[column * 7 + row]).toBe(dense[row * 5 + column]);
});

test("eigenvectors of a symmetric matrix are orthonormal and turned into multiples of themselves", async () => {
  const size = 30;
  const random = createRandom(4);
  const matrix = new Float64Array(size * size);
  for (let one = 0; one < size; one++)
    for (let two = 0; two <= one; two++)
      matrix[one * size + two] = matrix[two * size + one] = random.normal();
  const { values, vectors } = await symmetricEigen(matrix.slice(), size, pace);
  for (let k = 0; k < size; k++) {
    if (k > 0) expect(values[k]).toBeLessThanOrEqual(values[k - 1]!);
    let squares = 0;
    for (let row = 0; row < size; row++) {
      let sum = 0;
      for (let at = 0; at < size; at++) sum += matrix[row * size + at]! * vectors[at * size + k]!;
      expect(sum).toBeCloseTo(values[k]! * vectors[row * size + k]!, 8);
      squares += vectors[row * size + k]! ** 2;
    }
    expect(squares).toBeCloseTo(1, 8);
  }
});

const algebras: readonly (readonly [string, () => Promise<Algebra>])[] = [
  ["WebAssembly", openAlgebra],
  ["plain JavaScript", async () => plainAlgebra()],
];

describe.each(algebras)("in %s", (_, open) => {
  test("products agree with the sums written out", async () => {
    const algebra = await open();
    const matrix = drawSparse(50, 40, 0.3, 2);
    const dims = 12;
    const random = createRandom(5);
    const dense = Float32Array.from({ length: 40 * dims }, () => random.normal());
    const expected = await multiply(matrix, dense, dims, pace);
    const product = await algebra.multiply(matrix, dense, dims, pace);
    product.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 4));
    const gram = await algebra.gram(product, dims, pace);
    const turn = Float64Array.from({ length: 3 * dims }, () => random.normal());
    const turned = await algebra.turn(product, dims, turn, 3, pace);
    for (let one = 0; one < dims; one++) {
      let sum = 0;
      for (let row = 0; row < 50; row++) sum += product[row * dims + one]! * product[row * dims + 5]!;
      expect(gram[one * dims + 5]).toBeCloseTo(sum, 3);
    }
    for (let row = 0; row < 50; row++) {
      let sum = 0;
      for (let k = 0; k < dims; k++) sum += product[row * dims + k]! * turn[2 * dims + k]!;
      expect(turned[row * 3 + 2]).toBeCloseTo(sum, 4);
    }
  });

  test("finds the strongest directions of a matrix whose spectrum falls", async () => {
    // Columns scaled by a falling factor: the exact values come from the Gram matrix.
    const matrix = drawSparse(120, 30, 0.5, 3);
    matrix.indices.forEach((column, at) => (matrix.values[at]! *= 0.85 ** column));
    const dense = toDense(matrix);
    const gram = new Float64Array(30 * 30);
    for (let one = 0; one < 30; one++)
      for (let two = 0; two < 30; two++)
        for (let row = 0; row < 120; row++)
          gram[one * 30 + two]! += dense[row * 30 + one]! * dense[row * 30 + two]!;
    const exact = await symmetricEigen(gram, 30, pace);
    const { axes, strengths } = await truncatedSvd(matrix, 8, 2, createRandom(1), await open(), pace);
    for (let k = 0; k < 8; k++) {
      expect(strengths[k]! ** 2 / exact.values[k]!).toBeCloseTo(1, 2);
      let along = 0;
      for (let at = 0; at < 30; at++) along += axes[at * 8 + k]! * exact.vectors[at * 30 + k]!;
      expect(Math.abs(along)).toBeGreaterThan(0.99);
    }
  });

  test("has zeros where the matrix has fewer directions than wanted", async () => {
    const matrix = drawSparse(3, 20, 0.5, 6);
    const { axes, strengths } = await truncatedSvd(matrix, 8, 2, createRandom(1), await open(), pace);
    expect(axes.every(Number.isFinite)).toBe(true);
    expect(strengths[2]).toBeGreaterThan(0.1);
    expect(strengths[3]).toBeLessThan(1e-3 * strengths[0]!);
    for (let at = 0; at < 20; at++) expect(axes[at * 8 + 3]).toBe(0);
  });
});
