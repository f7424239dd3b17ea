// Greedy k-center, plainly.

import { throwIfExhausted, throwIfStopped, type StopSignal } from "../../errors";
import { ascending, meanOf, squaredDistance, squaredDistanceTo, type HostMatrix } from "./host-matrix";

export function farthestFirst(
  matrix: HostMatrix,
  candidates: Uint32Array,
  centres: Uint32Array,
  count: number,
  stop: StopSignal | null,
): { rows: Uint32Array; distances: Float32Array } {
  throwIfExhausted(count, candidates.length);
  const left = ascending(candidates);
  const nearest = left.map((row) => {
    let least = Infinity;
    for (const centre of centres) least = Math.min(least, squaredDistance(matrix, row, centre));
    return least;
  });
  const rows = new Uint32Array(count);
  const distances = new Float32Array(count);
  for (let turn = 0; turn < count; turn++) {
    throwIfStopped(stop);
    let best = 0;
    if (turn === 0 && centres.length === 0) {
      const mean = meanOf(matrix, left);
      const toMean = left.map((row) => squaredDistanceTo(matrix, row, mean));
      toMean.forEach((value, at) => (best = value < toMean[best]! ? at : best));
      distances[turn] = Math.sqrt(toMean[best]!);
    } else {
      nearest.forEach((value, at) => (best = value > nearest[best]! ? at : best));
      distances[turn] = Math.sqrt(nearest[best]!);
    }
    const row = (rows[turn] = left[best]!);
    left.splice(best, 1);
    nearest.splice(best, 1);
    left.forEach((other, at) => {
      nearest[at] = Math.min(nearest[at]!, squaredDistance(matrix, other, row));
    });
  }
  return { rows, distances };
}
