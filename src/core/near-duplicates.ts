// Near duplicates: pairs of items whose embeddings point nearly the same way, and the groups they make at a
// threshold. The pairs are found once; moving the threshold only counts along them.

import { nearestOfAll, type GraphTools } from "./graph/graph";
import type { Row } from "./ids";
import type { ResidentMatrix } from "./kernels/kernels";

/** Each pair once, left below right, most alike first; equal ones by left, then right. */
export interface NearPairs {
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** Cosine of their embeddings. */
  readonly similarities: Float32Array;
}

/** Enough to chain any group together: equally near rows are taken lowest first, so a group shares its first. */
const neighboursEach = 8;

/**
 * All pairs at least `floor` alike among the nearest neighbours of each row: exact up to 20,000 rows, nearly so
 * beyond.
 * @param matrix rows of length 1; rows of zeros are like nothing.
 * @throws Stopped when told to stop.
 */
export async function findNearPairs(
  matrix: ResidentMatrix,
  values: Float32Array,
  floor: number,
  tools: GraphTools,
): Promise<NearPairs> {
  const { rows, products } = await nearestOfAll(matrix, values, neighboursEach, tools);
  const seen = new Set<number>();
  const found: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    if (!(products[at]! >= floor)) continue;
    const row = Math.floor(at / neighboursEach);
    const [low, high] = [Math.min(row, rows[at]!), Math.max(row, rows[at]!)];
    const key = low * matrix.rows + high;
    if (low === high || seen.has(key)) continue;
    seen.add(key);
    found.push(at);
  }
  const lowOf = (at: number) => Math.min(Math.floor(at / neighboursEach), rows[at]!);
  const highOf = (at: number) => Math.max(Math.floor(at / neighboursEach), rows[at]!);
  found.sort((a, b) => products[b]! - products[a]! || lowOf(a) - lowOf(b) || highOf(a) - highOf(b));
  return {
    left: Uint32Array.from(found, lowOf),
    right: Uint32Array.from(found, highOf),
    similarities: Float32Array.from(found, (at) => Math.min(1, products[at]!)),
  };
}

/** How many pairs are at least `threshold` alike; they are the first ones. */
export function countPairs({ similarities }: NearPairs, threshold: number): number {
  let [low, high] = [0, similarities.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (similarities[middle]! >= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Groups that the first `count` pairs chain together: rows ascending, groups by their first row. */
export function groupPairs({ left, right }: NearPairs, count: number): Row[][] {
  const parents = new Map<Row, Row>();
  const rootOf = (row: Row): Row => {
    let root = row;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
    // The way is shortened, so that long chains are walked once.
    for (let at = row; at !== root;) {
      const up = parents.get(at)!;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  for (let at = 0; at < count; at++) {
    const [one, other] = [left[at]!, right[at]!];
    for (const row of [one, other]) if (!parents.has(row)) parents.set(row, row);
    const [a, b] = [rootOf(one), rootOf(other)];
    // The lowest row is the root, so groups do not depend on the order of pairs.
    if (a !== b) parents.set(Math.max(a, b), Math.min(a, b));
  }
  const groups = new Map<Row, Row[]>();
  for (const row of [...parents.keys()].sort((a, b) => a - b)) {
    const root = rootOf(row);
    const group = groups.get(root);
    if (group) group.push(row);
    else groups.set(root, [row]);
  }
  return [...groups.values()];
}
