// The nearest rows of every row of a large pool, nearly: each cluster is searched together with the clusters next
// to it (an inverted file, Sivic and Zisserman 2003). Comparing all with all would be 960 billion products at
// 50,000 × 384; this is a twentieth of that.

import { throwIfStopped } from "../errors";
import type { GraphTools } from "./graph";
import type { ResidentMatrix } from "../kernels/kernels";
import { createRandom } from "../random";

/** Clusters searched for each: 12 of some √rows find about 9 of 10 neighbours. */
const probed = 12;
const sampledPerCluster = 40;
const iterations = 5;
// Bounds a block of products: 2 million floats are 8 MB, and a fraction of a second on the slowest tier.
const productsAtOnce = 2_000_000;

/** As `Kernels.nearest` of all rows: rows × k, best first, filled up with the row itself and −Infinity. */
export async function clusteredNearest(
  matrix: ResidentMatrix,
  values: Float32Array,
  k: number,
  { kernels, stop, pause }: GraphTools,
): Promise<{ rows: Uint32Array; products: Float32Array }> {
  const { rows, dims } = matrix;
  const members = await cluster(matrix, values, { kernels, stop });
  const found = {
    rows: Uint32Array.from({ length: rows * k }, (_, at) => Math.floor(at / k)),
    products: new Float32Array(rows * k).fill(-Infinity),
  };
  for (const [number, ofCluster] of members.lists.entries()) {
    const candidates = nextTo(members.centres, number, dims).flatMap((one) => members.lists[one]!);
    const right = Uint32Array.from(candidates).sort();
    const atOnce = Math.max(1, Math.floor(productsAtOnce / Math.max(1, right.length)));
    for (let from = 0; from < ofCluster.length; from += atOnce) {
      throwIfStopped(stop);
      const left = Uint32Array.from(ofCluster.slice(from, from + atOnce));
      const products = await kernels.innerProducts(matrix, left, right);
      left.forEach((row, at) => {
        for (let to = 0, place = at * right.length; to < right.length; to++, place++)
          if (right[to] !== row) keep(found, row, right[to]!, products[place]!, k);
      });
      await pause?.();
    }
  }
  return found;
}

async function cluster(matrix: ResidentMatrix, values: Float32Array, { kernels, stop }: GraphTools) {
  const { rows, dims } = matrix;
  const count = Math.round(Math.sqrt(rows));
  // Part of the embeddings rather than of a project, so the seed is the same for all.
  const random = createRandom(1);
  const sample = Uint32Array.from(random.sample(rows, Math.min(rows, count * sampledPerCluster)));
  const places = new Float32Array(count * dims);
  sample.subarray(0, count).forEach((row, at) => {
    places.set(values.subarray(row * dims, (row + 1) * dims), at * dims);
  });
  const { centres } = await kernels.kMeans(matrix, sample.sort(), places, iterations, stop);
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const { clusters } = await kernels.kMeans(matrix, all, centres, 0, stop);
  const lists: number[][] = Array.from({ length: count }, () => []);
  clusters.forEach((one, row) => lists[one]!.push(row));
  return { centres, lists };
}

/** The clusters whose centres are nearest to that of one, itself included. */
function nextTo(centres: Float32Array, number: number, dims: number): number[] {
  const distances = Array.from({ length: centres.length / dims }, (_, other) => {
    let sum = 0;
    for (let k = 0; k < dims; k++) sum += (centres[other * dims + k]! - centres[number * dims + k]!) ** 2;
    return sum;
  });
  return [...distances.keys()].sort((a, b) => distances[a]! - distances[b]! || a - b).slice(0, probed);
}

/** Puts a neighbour in its place among the best of a row. Rows come ascending, so that equal ones keep that order. */
function keep(
  found: { rows: Uint32Array; products: Float32Array },
  row: number,
  other: number,
  product: number,
  k: number,
): void {
  const first = row * k;
  let at = first + k - 1;
  if (!(product > found.products[at]!)) return;
  for (; at > first && product > found.products[at - 1]!; at--) {
    found.products[at] = found.products[at - 1]!;
    found.rows[at] = found.rows[at - 1]!;
  }
  found.products[at] = product;
  found.rows[at] = other;
}
