// Lloyd's k-means: assignment and sums on the device, the few centres here, in float64.

import { throwIfStopped, type StopSignal } from "../../../src/core/errors";
import { assign } from "./assign";
import { clusterSums } from "./cluster-sums";
import { columnsOf } from "./gather";
import type { Gpu } from "./gpu";
import type { Job } from "./job";
import { padded, type GpuMatrix } from "./matrix";
import { markOpen, withPool, type Pool } from "./pool";
import { noRow } from "./wgsl";

const far = 3.4028234663852886e38;
const centresTogether = 1024;

export interface Clusters {
  readonly clusters: Uint32Array;
  readonly centres: Float32Array;
  readonly squaredDistances: Float32Array;
}

export function kMeans(
  gpu: Gpu,
  matrix: GpuMatrix,
  candidates: Uint32Array,
  centres: Float32Array,
  iterations: number,
  stop: StopSignal | null,
): Promise<Clusters> {
  const { dims } = matrix;
  return gpu.job(stop, (job) =>
    withPool(gpu, job, matrix, candidates, async (pool) => {
      const places = Float64Array.from(centres);
      const at = createAssigner(gpu, job, pool, places);
      let clusters = await at.assign();
      for (let turn = 0; turn < iterations; turn++) {
        throwIfStopped(stop);
        moveCentres(places, await at.sums(), clusters, pool.open, dims);
        const before = clusters;
        clusters = await at.assign();
        if (pool.open.every((row) => clusters[row] === before[row])) break;
      }
      const nearest = await at.distances();
      const placeOf = new Map(pool.ids ? Array.from(pool.ids, (row, place) => [row, place]) : []);
      const here = candidates.map((row) => placeOf.get(row) ?? row);
      return {
        clusters: here.map((row) => clusters[row]!),
        centres: Float32Array.from(places),
        squaredDistances: Float32Array.from(here, (row) => nearest[row]!),
      };
    }),
  );
}

function createAssigner(gpu: Gpu, job: Job, pool: Pool, places: Float64Array) {
  const { matrix } = pool;
  const { rows, dims, chunks } = matrix;
  const count = places.length / dims;
  const open = job.filled(markOpen(pool, new Float32Array(padded(rows)).fill(-1), far, -1));
  const nearest = job.buffer(open.size);
  // Rows that are no candidates keep this, and so belong to no cluster.
  const clusters = job.filled(new Uint32Array(padded(rows)).fill(noRow));
  return {
    async assign(): Promise<Uint32Array> {
      job.copy(open, nearest, open.size);
      for (let first = 0; first < count; first += centresTogether) {
        const width = Math.min(centresTogether, count - first);
        const right = new Float32Array(dims * width);
        for (let column = 0; column < width; column++)
          for (let k = 0; k < dims; k++) right[k * width + column] = places[(first + column) * dims + k]!;
        const columns = columnsOf(job, chunks, right, dims, width);
        await assign(gpu, job, matrix, columns, { nearest, clusters }, false, first);
      }
      const found = new Uint32Array(rows);
      await job.read(clusters, found);
      await job.fetched();
      return found;
    },
    sums: () => clusterSums(gpu, job, matrix, clusters, count),
    async distances(): Promise<Float32Array> {
      const found = new Float32Array(rows);
      await job.read(nearest, found);
      await job.fetched();
      return found;
    },
  };
}

/** An empty cluster keeps its centre. */
function moveCentres(
  places: Float64Array,
  sums: Float64Array,
  clusters: Uint32Array,
  open: Uint32Array,
  dims: number,
): void {
  const sizes = new Uint32Array(places.length / dims);
  for (const row of open) sizes[clusters[row]!]! += 1;
  for (let at = 0; at < places.length; at++) {
    const size = sizes[Math.floor(at / dims)]!;
    if (size > 0) places[at] = sums[at]! / size;
  }
}
