// Clusters of a pool for the strategies that ask one question of each: k-means from spread-out starts.

import type { Parameter } from "../parameter";
import type { Pool, Tools } from "./strategy";

/** How many of the pool's rows are sorted into clusters. */
export function clusteredLimit(initial: number): Parameter {
  return {
    id: "candidateLimit",
    label: "Candidates",
    summary: "Items sorted into groups, drawn at random; more find finer groups and take longer.",
    min: 500,
    max: 100_000,
    step: 500,
    initial,
  };
}

export interface Clustered {
  /** The cluster of each of the rows given. */
  readonly clusters: Uint32Array;
  readonly squaredDistances: Float32Array;
  readonly count: number;
}

/** Lloyd's turns; the clusters' edges still move after them, which no question depends on. */
const iterations = 10;

/** At most `count` clusters of the rows, from k-means++ starts drawn by `tools.random`. */
export async function clusterRows(
  { embeddings, values }: Pick<Pool, "embeddings" | "values">,
  rows: Uint32Array,
  count: number,
  { kernels, random, stop }: Pick<Tools, "kernels" | "random" | "stop">,
): Promise<Clustered> {
  const { dims } = embeddings;
  const wanted = Math.min(count, rows.length);
  const seed = random.integer(2 ** 32);
  const starts = await kernels.spreadSample(embeddings, rows, new Uint32Array(0), wanted, seed, stop);
  const centres = new Float32Array(wanted * dims);
  starts.forEach((row, at) => centres.set(values.subarray(row * dims, (row + 1) * dims), at * dims));
  const { clusters, squaredDistances } = await kernels.kMeans(embeddings, rows, centres, iterations, stop);
  return { clusters, squaredDistances, count: wanted };
}

/** Indices of the rows of each cluster, ascending. */
export function membersOf({ clusters, count }: Clustered): number[][] {
  const members: number[][] = Array.from({ length: count }, () => []);
  clusters.forEach((cluster, at) => members[cluster]!.push(at));
  return members;
}

/**
 * `count` different rows: of each cluster the one nearest to its centre, larger clusters first, then the second
 * nearest of each and so on. Equal ones by lowest row.
 */
export function nearestToCentres(rows: Uint32Array, clustered: Clustered, count: number): number[] {
  const { squaredDistances } = clustered;
  const members = membersOf(clustered)
    .sort((left, right) => right.length - left.length)
    .map((ofOne) => ofOne.sort((a, b) => squaredDistances[a]! - squaredDistances[b]! || rows[a]! - rows[b]!));
  const chosen: number[] = [];
  for (let turn = 0; chosen.length < count; turn++)
    for (const ofOne of members)
      if (turn < ofOne.length && chosen.length < count) chosen.push(rows[ofOne[turn]!]!);
  return chosen;
}
