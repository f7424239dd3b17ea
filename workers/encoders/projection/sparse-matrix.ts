// A matrix of which only the entries that are not 0 are kept, row by row (CSR), and its product with a dense one:
// the work behind every decomposition of texts.

import type { Pace } from "./pacing";

export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1: entries of a row lie from its offset to the next one's. */
  readonly offsets: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** The transposed matrix; the entries of each of its rows are in ascending order. */
export function transpose({ rows, columns, offsets, indices, values }: SparseMatrix): SparseMatrix {
  const starts = new Uint32Array(columns + 1);
  for (const column of indices) starts[column + 1]! += 1;
  for (let column = 0; column < columns; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice();
  const turned = {
    rows: columns,
    columns: rows,
    offsets: starts,
    indices: new Uint32Array(indices.length),
    values: new Float32Array(indices.length),
  };
  for (let row = 0; row < rows; row++)
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const place = next[indices[at]!]!++;
      turned.indices[place] = row;
      turned.values[place] = values[at]!;
    }
  return turned;
}

/** rows × dims: the matrix times `dense` (columns × dims, row-major). */
export async function multiply(
  matrix: SparseMatrix,
  dense: Float32Array,
  dims: number,
  pace: Pace,
): Promise<Float32Array> {
  const product = new Float32Array(matrix.rows * dims);
  for (let row = 0; row < matrix.rows; row++) {
    addRow(matrix, row, dense, dims, product);
    if (row % 64 === 0) await pace();
  }
  return product;
}

/** Four entries a pass: a quarter of the reads and writes of the sum. */
function addRow(
  { offsets, indices, values }: SparseMatrix,
  row: number,
  dense: Float32Array,
  dims: number,
  product: Float32Array,
): void {
  const to = row * dims;
  const end = offsets[row + 1]!;
  let at = offsets[row]!;
  for (; at + 4 <= end; at += 4) {
    const one = indices[at]! * dims;
    const two = indices[at + 1]! * dims;
    const three = indices[at + 2]! * dims;
    const four = indices[at + 3]! * dims;
    const w1 = values[at]!;
    const w2 = values[at + 1]!;
    const w3 = values[at + 2]!;
    const w4 = values[at + 3]!;
    for (let dim = 0; dim < dims; dim++)
      product[to + dim]! +=
        w1 * dense[one + dim]! + w2 * dense[two + dim]! + w3 * dense[three + dim]! + w4 * dense[four + dim]!;
  }
  for (; at < end; at++) {
    const base = indices[at]! * dims;
    const weight = values[at]!;
    for (let dim = 0; dim < dims; dim++) product[to + dim]! += weight * dense[base + dim]!;
  }
}
