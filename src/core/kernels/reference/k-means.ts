// Lloyd's k-means, plainly.

import { throwIfStopped, type StopSignal } from "../../errors";
import { squaredDistanceTo, type HostMatrix } from "./host-matrix";

export function kMeans(
  matrix: HostMatrix,
  candidates: Uint32Array,
  centres: Float32Array,
  iterations: number,
  stop: StopSignal | null,
): { clusters: Uint32Array; centres: Float32Array; squaredDistances: Float32Array } {
  const { dims } = matrix;
  if (centres.length === 0 || centres.length % dims !== 0)
    throw new RangeError(`${centres.length} numbers do not make centres of ${dims} dimensions.`);
  const places = Float64Array.from(centres);
  let clusters = assign(matrix, candidates, places);
  for (let turn = 0; turn < iterations; turn++) {
    throwIfStopped(stop);
    moveCentres(matrix, candidates, clusters, places);
    const before = clusters;
    clusters = assign(matrix, candidates, places);
    if (clusters.every((cluster, at) => cluster === before[at])) break;
  }
  return {
    clusters,
    centres: Float32Array.from(places),
    squaredDistances: Float32Array.from(candidates, (row, at) =>
      squaredDistanceTo(matrix, row, places, clusters[at]!),
    ),
  };
}

function assign(matrix: HostMatrix, candidates: Uint32Array, places: Float64Array): Uint32Array {
  const count = places.length / matrix.dims;
  return candidates.map((row) => {
    let best = 0;
    let least = Infinity;
    for (let cluster = 0; cluster < count; cluster++) {
      const squared = squaredDistanceTo(matrix, row, places, cluster);
      if (squared < least) [best, least] = [cluster, squared];
    }
    return best;
  });
}

function moveCentres(
  { values, dims }: HostMatrix,
  candidates: Uint32Array,
  clusters: Uint32Array,
  places: Float64Array,
): void {
  const sums = new Float64Array(places.length);
  const sizes = new Uint32Array(places.length / dims);
  candidates.forEach((row, at) => {
    const cluster = clusters[at]!;
    sizes[cluster]! += 1;
    for (let k = 0; k < dims; k++) sums[cluster * dims + k]! += values[row * dims + k]!;
  });
  sizes.forEach((size, cluster) => {
    if (size === 0) return;
    for (let k = 0; k < dims; k++) places[cluster * dims + k] = sums[cluster * dims + k]! / size;
  });
}
