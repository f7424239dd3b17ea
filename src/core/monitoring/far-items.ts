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
/** From here on an item is a copy of what it is compared with. */
const copyProduct = 1 - 1e-5;
/** Of those that are far, the farthest: the products grow with their square. */
const mostFar = 1000;
const fewestInGroup = 5;
const mostGroups = 6;
/**
 * An item is only far where its distance to the nearest label is beyond what 95 of 100 labels have to theirs: five
 * times as far, or a tenth of the way from there to what lies between any two items, where that is less. In real
 * embeddings it is less, and nothing lies five times as far.
 */
const usualShare = 0.05;
const timesAsFar = 5;
const towardsUnrelated = 0.1;
/** Of each side at most, to know the median product of two items. */
const mostPaired = 200;
/** Far items are alike where they are this much nearer to one another than to any label, in squared distance. */
const nearerThanLabels = 1.5;

/**
 * An item is far where its largest inner product with a labelled one (kNN distance, Sun et al., Out-of-Distribution
 * Detection with Deep Nearest Neighbors, 2022) is clearly lower than what labelled items have with another. Groups are
 * dense regions (DBSCAN, Ester et al., A Density-Based Algorithm for Discovering Clusters, 1996) of items with four
 * others that are alike. What is alike is told by the distance to the labels and not by those among the far items,
 * which near-copies would shrink.
 * @param candidates rows without an answer. @param labelled rows with one; fewer than two make nothing far.
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
  const usual = 1 - among[Math.floor(usualShare * among.length)]!;
  const unrelated = await medianDistance(kernels, matrix, looked, known, random);
  const more = Math.min((timesAsFar ** 2 - 1) * usual, Math.max(0, unrelated - usual) * towardsUnrelated);
  // A copy of a label has a product of 1 but for rounding.
  const limit = Math.min(1 - usual - more, copyProduct);
  const beyond = [...looked.keys()].filter((at) => nearest[at]! < limit);
  const farthest = beyond
    .toSorted((a, b) => nearest[a]! - nearest[b]! || a - b)
    .slice(0, mostFar)
    .sort((a, b) => a - b);
  const far = Uint32Array.from(farthest, (at) => looked[at]!);
  if (far.length < fewestInGroup) return { looked: looked.length, far: beyond.length, groups: [] };
  const products = await kernels.innerProducts(matrix, far, far);
  throwIfStopped(stop);
  const toLabel = Float32Array.from(farthest, (at) => nearest[at]!);
  return { looked: looked.length, far: beyond.length, groups: groupsOf(far, products, toLabel) };
}

function drawRows(rows: Uint32Array, most: number, random: Random): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from(random.sample(rows.length, most), (at) => rows[at]!).sort();
}

/** Half the median squared distance between a row of the one and a row of the other. */
async function medianDistance(
  kernels: Kernels,
  matrix: ResidentMatrix,
  rows: Uint32Array,
  others: Uint32Array,
  random: Random,
): Promise<number> {
  const pair = [
    drawRows(rows, mostPaired, random.fork("rows")),
    drawRows(others, mostPaired, random.fork("others")),
  ];
  const products = await kernels.innerProducts(matrix, pair[0]!, pair[1]!);
  return 1 - products.toSorted()[products.length >> 1]!;
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

/** @param toLabel of each far row, its largest inner product with a label. */
function groupsOf(far: Uint32Array, products: Float32Array, toLabel: Float32Array): number[][] {
  const { length } = far;
  const all = Array.from({ length }, (_, at) => at);
  const product = (at: number, other: number) => products[at * length + other]!;
  const areAlike = (at: number, other: number) =>
    nearerThanLabels * (1 - product(at, other)) <= 1 - Math.max(toLabel[at]!, toLabel[other]!);
  // Each is alike with itself.
  const like = all.map((at) => all.filter((other) => at === other || areAlike(at, other)));
  const isInner = like.map((others) => others.length >= fewestInGroup);
  const taken = new Uint8Array(length);
  const groups: number[][] = [];
  for (const start of all) {
    if (taken[start] || !isInner[start]) continue;
    taken[start] = 1;
    const members = [start];
    for (const member of members)
      for (const other of isInner[member] ? like[member]! : [])
        if (!taken[other]) {
          taken[other] = 1;
          members.push(other);
        }
    groups.push(members);
  }
  const centrality = (at: number, members: readonly number[]) =>
    members.reduce((sum, other) => sum + product(at, other), 0);
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
