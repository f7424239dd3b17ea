// What one more label would do to a ridge-regularised linear model, in closed form and by inner products alone: no
// matrix of the embeddings' dimensions is ever made.

import type { Pool, Tools } from "./strategy";
import { cholesky, transposedInverse } from "../learning/cholesky";

export interface LookAhead {
  /** left × right: x (λI + Σ w x_l x_lᵀ)⁻¹ yᵀ of the rows given, in float64. */
  readonly products: Float64Array;
  /** left × labelled: x (λI + Σ w x_l x_lᵀ)⁻¹ x_lᵀ · w_l. Times one-hot answers these are ridge predictions. */
  readonly influence: Float64Array;
}

/**
 * By Woodbury's identity, with S = √w: (λI + XᵀS²X)⁻¹ = (I − XᵀS (S X Xᵀ S + λI)⁻¹ S X) / λ.
 * @param weights one for each labelled row, not below 0.
 */
export async function lookAhead(
  { embeddings }: Pick<Pool, "embeddings">,
  left: Uint32Array,
  right: Uint32Array,
  labelled: Uint32Array,
  weights: Float64Array,
  ridge: number,
  { kernels }: Pick<Tools, "kernels">,
): Promise<LookAhead> {
  const size = labelled.length;
  const roots = weights.map(Math.sqrt);
  const gram = Float64Array.from(await kernels.innerProducts(embeddings, labelled, labelled));
  for (let row = 0, at = 0; row < size; row++)
    for (let column = 0; column < size; column++, at++)
      gram[at] = gram[at]! * roots[row]! * roots[column]! + (row === column ? ridge : 0);
  // K⁻¹ = R Rᵀ.
  const root = size === 0 ? gram : transposedInverse(cholesky(gram, size), size);
  const project = async (rows: Uint32Array) => {
    const products = await kernels.innerProducts(embeddings, rows, labelled);
    const scaled = Float64Array.from(products, (value, at) => value * roots[at % size]!);
    return timesRoot(scaled, rows.length, root, size);
  };
  const ofLeft = await project(left);
  const ofRight = left === right ? ofLeft : await project(right);
  const products = Float64Array.from(await kernels.innerProducts(embeddings, left, right));
  for (let row = 0, at = 0; row < left.length; row++)
    for (let column = 0; column < right.length; column++, at++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += ofLeft[row * size + k]! * ofRight[column * size + k]!;
      products[at] = (products[at]! - sum) / ridge;
    }
  // xP x_lᵀ w_l = x XᵀS K⁻¹ S e_l: what is projected, times Rᵀ, times √w.
  const influence = new Float64Array(left.length * size);
  for (let row = 0; row < left.length; row++)
    for (let k = 0; k < size; k++) {
      const value = ofLeft[row * size + k]!;
      // Row `one` of R holds column `one` of L⁻¹, which is 0 before the diagonal.
      for (let one = 0; one <= k; one++) influence[row * size + one]! += value * root[one * size + k]!;
    }
  for (let at = 0; at < influence.length; at++) influence[at]! *= roots[at % size]!;
  return { products, influence };
}

/** rows × size times the upper triangular root. */
function timesRoot(values: Float64Array, rows: number, root: Float64Array, size: number): Float64Array {
  const result = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < size; k++) {
      const value = values[row * size + k]!;
      for (let column = k; column < size; column++)
        result[row * size + column]! += value * root[k * size + column]!;
    }
  return result;
}
