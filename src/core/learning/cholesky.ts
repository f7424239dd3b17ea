// Cholesky's factor of a symmetric positive definite matrix, and its inverse. Sizes are those of an embedding, or of
// a few hundred labels. Four sums at a time share each read: one alone would wait for its own last addition.

/**
 * The lower triangular L with L Lᵀ = matrix, both size × size, row-major; `matrix` is overwritten by it, zeros
 * above the diagonal.
 * @throws RangeError where the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  for (let row = 0; row < size; row++) {
    const start = row * size;
    let column = 0;
    for (; column + 4 <= row; column += 4) {
      const c0 = column * size;
      const c1 = c0 + size;
      const c2 = c1 + size;
      const c3 = c2 + size;
      let s0 = matrix[start + column]!;
      let s1 = matrix[start + column + 1]!;
      let s2 = matrix[start + column + 2]!;
      let s3 = matrix[start + column + 3]!;
      for (let k = 0; k < column; k++) {
        const x = matrix[start + k]!;
        s0 -= x * matrix[c0 + k]!;
        s1 -= x * matrix[c1 + k]!;
        s2 -= x * matrix[c2 + k]!;
        s3 -= x * matrix[c3 + k]!;
      }
      const x0 = (matrix[start + column] = s0 / matrix[c0 + column]!);
      s1 -= x0 * matrix[c1 + column]!;
      const x1 = (matrix[start + column + 1] = s1 / matrix[c1 + column + 1]!);
      s2 -= x0 * matrix[c2 + column]! + x1 * matrix[c2 + column + 1]!;
      const x2 = (matrix[start + column + 2] = s2 / matrix[c2 + column + 2]!);
      s3 -= x0 * matrix[c3 + column]! + x1 * matrix[c3 + column + 1]! + x2 * matrix[c3 + column + 2]!;
      matrix[start + column + 3] = s3 / matrix[c3 + column + 3]!;
    }
    for (; column <= row; column++) {
      let sum = matrix[start + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[start + k]! * matrix[column * size + k]!;
      if (row > column) matrix[start + column] = sum / matrix[column * size + column]!;
      else if (sum > 0) matrix[start + row] = Math.sqrt(sum);
      else throw new RangeError("The matrix is not positive definite.");
    }
    matrix.fill(0, start + row + 1, start + size);
  }
  return matrix;
}

/** (L⁻¹)ᵀ of a lower triangular L, row-major. */
export function transposedInverse(lower: Float64Array, size: number): Float64Array {
  // Row c of the result is column c of L⁻¹, found by forward substitution, for four columns at a time: where a
  // column has not begun, its numbers are 0.
  const inverse = new Float64Array(size * size);
  let column = 0;
  for (; column + 4 <= size; column += 4) {
    const i0 = column * size;
    const i1 = i0 + size;
    const i2 = i1 + size;
    const i3 = i2 + size;
    for (let row = column; row < size; row++) {
      const start = row * size;
      let s0 = row === column ? 1 : 0;
      let s1 = row === column + 1 ? 1 : 0;
      let s2 = row === column + 2 ? 1 : 0;
      let s3 = row === column + 3 ? 1 : 0;
      for (let k = column; k < row; k++) {
        const x = lower[start + k]!;
        s0 -= x * inverse[i0 + k]!;
        s1 -= x * inverse[i1 + k]!;
        s2 -= x * inverse[i2 + k]!;
        s3 -= x * inverse[i3 + k]!;
      }
      const diagonal = lower[start + row]!;
      inverse[i0 + row] = s0 / diagonal;
      inverse[i1 + row] = s1 / diagonal;
      inverse[i2 + row] = s2 / diagonal;
      inverse[i3 + row] = s3 / diagonal;
    }
  }
  for (; column < size; column++) {
    const start = column * size;
    for (let row = column; row < size; row++) {
      let sum = row === column ? 1 : 0;
      for (let k = column; k < row; k++) sum -= lower[row * size + k]! * inverse[start + k]!;
      inverse[start + row] = sum / lower[row * size + row]!;
    }
  }
  return inverse;
}
