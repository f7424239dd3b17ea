// Cholesky's factor of a symmetric positive definite matrix, and its inverse. Sizes are those of an embedding.

/**
 * The lower triangular L with L Lᵀ = matrix, both size × size, row-major; `matrix` is overwritten by it, zeros
 * above the diagonal.
 * @throws RangeError where the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[row * size + k]! * matrix[column * size + k]!;
      if (row > column) matrix[row * size + column] = sum / matrix[column * size + column]!;
      else if (sum > 0) matrix[row * size + row] = Math.sqrt(sum);
      else throw new RangeError("The matrix is not positive definite.");
    }
    matrix.fill(0, row * size + row + 1, (row + 1) * size);
  }
  return matrix;
}

/** (L⁻¹)ᵀ of a lower triangular L, row-major. */
export function transposedInverse(lower: Float64Array, size: number): Float64Array {
  // Row c of the result is column c of L⁻¹, found by forward substitution.
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const start = column * size;
    inverse[start + column] = 1 / lower[column * size + column]!;
    for (let row = column + 1; row < size; row++) {
      let sum = 0;
      for (let k = column; k < row; k++) sum += lower[row * size + k]! * inverse[start + k]!;
      inverse[start + row] = -sum / lower[row * size + row]!;
    }
  }
  return inverse;
}
