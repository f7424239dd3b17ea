// Squared distance of every row to the nearest of many points, and which point it is: the start of a selection
// from given centres, and the assignment step of k-means.

import { coincidence } from "../../../src/core/kernels/kernels";
import type { Columns } from "./gather";
import type { Gpu, KernelSource, Precision } from "./gpu";
import { dispatchFlops, type Job } from "./job";
import { padded, rowsOf, spansOf, type GpuMatrix } from "./matrix";
import { chunkDims, layout, overColumns, read, squaredGap, tileRows, write } from "./wgsl";

export interface Assignment {
  /** Least squared distance of each row so far; rows below 0 are passed over. */
  readonly nearest: GPUBuffer;
  /** Number of the column that distance is to. */
  readonly clusters: GPUBuffer;
}

/**
 * Lowers `nearest` to the distances to these columns. Of equals the first column wins.
 * @param twins whether a distance within `coincidence` of nothing counts as 0.
 * @param firstColumn what the first of the columns is called in `clusters`.
 */
export async function assign(
  gpu: Gpu,
  job: Job,
  matrix: GpuMatrix,
  columns: Columns,
  { nearest, clusters }: Assignment,
  twins: boolean,
  firstColumn = 0,
): Promise<void> {
  const { chunks, rowBytes } = matrix;
  const kernel = await gpu.kernel(assigner(matrix.precision));
  const groupFlops = 3 * 8 * chunks * chunkDims;
  for (const span of spansOf(matrix, dispatchFlops / groupFlops)) {
    const bound = job.bind(kernel, [
      span.matrix,
      columns.buffer,
      columns.norms,
      rowsOf(matrix.norms, span),
      rowsOf(nearest, span),
      rowsOf(clusters, span),
    ]);
    const step = Math.max(1, Math.floor(dispatchFlops / (groupFlops * span.rows)));
    for (let from = 0; from < columns.groups; from += step) {
      const end = Math.min(columns.groups, from + step);
      const params = [span.rows, chunks, from, end, columns.count, Number(twins), firstColumn];
      const cost = { bytes: span.rows * (rowBytes + 20), flops: span.rows * groupFlops * (end - from) };
      await job.run(bound, params, padded(span.rows) / tileRows, cost);
    }
  }
}

const assigner = (precision: Precision): KernelSource => ({
  name: `assign in ${precision} precision`,
  lanes: tileRows,
  bindings: [
    read("matrix", "vec4<u32>"),
    read("columns", "vec4<f32>"),
    read("columnNorms", "f32"),
    read("norms", "f32"),
    write("nearest", "f32"),
    write("clusters", "u32"),
  ],
  params: ["rows", "chunks", "begin", "end", "count", "twins", "firstColumn"],
  helpers: layout(precision),
  main: /* wgsl */ `
  let row = group * ${tileRows}u + lane;
  if (row >= params.rows) { return; }
  var least = nearest[row];
  if (least < 0.0) { return; }
  var cluster = clusters[row];
  let start = startOf(row, params.chunks);
  for (var g = params.begin; g < params.end; g++) {
    ${overColumns(precision, squaredGap)}
    for (var k = 0u; k < 8u; k++) {
      let column = g * 8u + k;
      if (column < params.count) {
        var squared = select(sums1[k % 4u], sums0[k % 4u], k < 4u);
        if (params.twins != 0u && squared <= ${coincidence} * (norms[row] + columnNorms[column])) { squared = 0.0; }
        if (squared < least) {
          least = squared;
          cluster = params.firstColumn + column;
        }
      }
    }
  }
  nearest[row] = least;
  clusters[row] = cluster;`,
});
