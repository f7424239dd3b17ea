// Items far from everything labelled, and groups of them that are alike: often a class nobody has named yet.

import { throwIfStopped, type StopSignal } from "../errors";
import type { Kernels, ResidentMatrix } from "../kernels/kernels";
import type { Random } from "../random";

export interface FarItems {
  /** How many items were looked at, and how many of those are far. */
  readonly looked: number;
  readonly far: number;
  /** Rows that lie close together, largest group first; the most central first in each. */
  readonly groups: readonly (readonly number[])[];
}

export interface FarTools {
  readonly kernels: Kernels;
  readonly random: Random;
  readonly stop: StopSignal | null;
}

/** Beyond these a sample is drawn, which the report says: the products grow with both. */
const mostLooked = 5000;
const mostLabelled = 2000;
const labelledAtOnce = 500;
/** Of the items at most (kNN distance, Sun et al., Out-of-Distribution Detection with Deep Nearest Neighbors, 2022). */
const farShare = 0.05;
const fewestInGroup = 5;
const mostGroups = 6;
/**
 * An item is only far where its squared distance to the nearest label is twice what nine labels of ten have to
 * theirs; less is the fringe of something known.
 */
const usualShare = 0.1;
const beyondUsual = 2;
/** Far items belong together up to this many times the squared distance that is usual between two of them. */
const togetherUpTo = 4;

/**
 * An item is far where its largest inner product with a labelled one is among the lowest 5% and its squared
 * distance beyond twice what 90% of the labelled items have to one another. Far items belong together up to
 * twice the median distance of a far item to its nearest; groups are what hangs together so, of at least 5.
 * @param candidates rows without an answer. @param labelled rows with one; none makes nothing far.
 */
export async function findFarItems(
  matrix: ResidentMatrix,
  candidates: Uint32Array,
  labelled: Uint32Array,
  { kernels, random, stop }: FarTools,
): Promise<FarItems> {
  const looked = drawRows(candidates, mostLooked, random.fork("far"));
  const known = drawRows(labelled, mostLabelled, random.fork("labelled"));
  if (known.length < 2 || looked.length === 0) return { looked: looked.length, far: 0, groups: [] };
  const nearest = await nearestProduct(kernels, matrix, looked, known, false, stop);
  const among = (await nearestProduct(kernels, matrix, known, known, true, stop)).toSorted();
  const usual = among[Math.floor(usualShare * among.length)]!;
  const lowest = nearest.toSorted()[Math.floor(farShare * nearest.length)]!;
  const limit = Math.min(1 - beyondUsual * (1 - usual), lowest);
  const far = looked.filter((_, at) => nearest[at]! < limit);
  if (far.length < fewestInGroup) return { looked: looked.length, far: far.length, groups: [] };
  const products = await kernels.innerProducts(matrix, far, far);
  throwIfStopped(stop);
  return { looked: looked.length, far: far.length, groups: groupsOf(far, products) };
}

function drawRows(rows: Uint32Array, most: number, random: Random): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from(random.sample(rows.length, most), (at) => rows[at]!).sort();
}

/** Largest inner product of each row with any of `known`; itself left out where told. */
async function nearestProduct(
  kernels: Kernels,
  matrix: ResidentMatrix,
  rows: Uint32Array,
  known: Uint32Array,
  leaveOut: boolean,
  stop: StopSignal | null,
): Promise<Float32Array> {
  const best = new Float32Array(rows.length).fill(-Infinity);
  for (let from = 0; from < known.length; from += labelledAtOnce) {
    throwIfStopped(stop);
    const block = known.subarray(from, from + labelledAtOnce);
    const products = await kernels.innerProducts(matrix, rows, block);
    for (let at = 0; at < rows.length; at++)
      for (let other = 0; other < block.length; other++)
        if (!leaveOut || rows[at] !== block[other])
          best[at] = Math.max(best[at]!, products[at * block.length + other]!);
  }
  return best;
}

function groupsOf(far: Uint32Array, products: Float32Array): number[][] {
  const { length } = far;
  const own = Array.from({ length }, (_, at) => {
    let best = -Infinity;
    for (let other = 0; other < length; other++)
      if (other !== at) best = Math.max(best, products[at * length + other]!);
    return best;
  });
  const median = own.toSorted((a, b) => a - b)[Math.floor(length / 2)]!;
  const close = 1 - togetherUpTo * (1 - median);
  const group = new Int32Array(length).fill(-1);
  const groups: number[][] = [];
  for (let start = 0; start < length; start++) {
    if (group[start] !== -1) continue;
    const members = [start];
    group[start] = groups.length;
    for (let next = 0; next < members.length; next++)
      for (let other = 0; other < length; other++)
        if (group[other] === -1 && products[members[next]! * length + other]! >= close) {
          group[other] = groups.length;
          members.push(other);
        }
    groups.push(members);
  }
  const centrality = (at: number, members: readonly number[]) =>
    members.reduce((sum, other) => sum + products[at * length + other]!, 0);
  return groups
    .filter((members) => members.length >= fewestInGroup)
    .sort((a, b) => b.length - a.length || a[0]! - b[0]!)
    .slice(0, mostGroups)
    .map((members) =>
      members
        .toSorted((a, b) => centrality(b, members) - centrality(a, members) || a - b)
        .map((at) => far[at]!),
    );
}
