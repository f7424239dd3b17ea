// The neighbour graph of real embeddings, for the measurements: exact, and quicker than the plain reference.

import { graphFromNearest, type NeighbourGraph } from "../../src/core/graph/graph";

const each = 15;

export function quickGraph(values: Float32Array, rows: number, dims: number): NeighbourGraph {
  const nearest = new Uint32Array(rows * each);
  const cosines = new Float32Array(rows * each).fill(-Infinity);
  for (let row = 0; row < rows; row++) {
    for (let other = 0; other < row; other++) {
      let product = 0;
      for (let k = 0, a = row * dims, b = other * dims; k < dims; k++)
        product += values[a + k]! * values[b + k]!;
      insert(row, other, product);
      insert(other, row, product);
    }
  }
  return graphFromNearest(nearest, cosines, rows);

  function insert(row: number, other: number, product: number): void {
    let at = (row + 1) * each - 1;
    if (!(product > cosines[at]!)) return;
    for (; at > row * each && product > cosines[at - 1]!; at--) {
      cosines[at] = cosines[at - 1]!;
      nearest[at] = nearest[at - 1]!;
    }
    cosines[at] = product;
    nearest[at] = other;
  }
}
