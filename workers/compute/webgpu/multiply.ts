// matrix · columns: each lane has one row and takes eight columns at a time.

import type { Gpu, KernelSource, Precision } from "./gpu";
import type { Columns } from "./gather";
import { dispatchFlops, type Job } from "./job";
import { padded, spansOf, type GpuMatrix } from "./matrix";
import { chunkDims, layout, overColumns, product, read, tileRows, write } from "./wgsl";

/** A lane adds up this many rows' outputs before they are read back. */
const outBytes = 32 * 2 ** 20;

/** Rows one dispatch may take when each costs `flops` and puts out `bytes`. */
export function rowsPerDispatch(flops: number, bytes: number): number {
  return Math.min(dispatchFlops / flops, outBytes / Math.max(4, bytes));
}

/** Writes rows × columns.count, row-major, to `into`; it is there when the job is done. */
export async function multiplyInto(
  gpu: Gpu,
  job: Job,
  matrix: GpuMatrix,
  columns: Columns,
  into: Float32Array,
): Promise<void> {
  const { count, groups } = columns;
  const kernel = await gpu.kernel(multiplier(matrix.precision));
  const flops = 2 * groups * 8 * matrix.chunks * chunkDims;
  const spans = spansOf(matrix, rowsPerDispatch(flops, 4 * count));
  const longest = Math.max(...spans.map(({ rows }) => rows), 0);
  const out = job.buffer(longest * count * 4);
  for (const { matrix: part, firstRow, rows } of spans) {
    const bound = job.bind(kernel, [part, columns.buffer, out]);
    const cost = { bytes: rows * (matrix.rowBytes + 4 * count), flops: rows * flops };
    await job.run(bound, [rows, matrix.chunks, groups, count], padded(rows) / tileRows, cost);
    await job.read(out, into.subarray(firstRow * count, (firstRow + rows) * count));
  }
}

const multiplier = (precision: Precision): KernelSource => ({
  name: `multiply in ${precision} precision`,
  lanes: tileRows,
  bindings: [read("matrix", "vec4<u32>"), read("columns", "vec4<f32>"), write("products", "f32")],
  params: ["rows", "chunks", "groups", "count"],
  helpers: layout(precision),
  main: /* wgsl */ `
  let row = group * ${tileRows}u + lane;
  if (row >= params.rows) { return; }
  let start = startOf(row, params.chunks);
  for (var g = 0u; g < params.groups; g++) {
    ${overColumns(precision, product)}
    for (var k = 0u; k < 8u; k++) {
      let column = g * 8u + k;
      if (column < params.count) {
        products[row * params.count + column] = select(sums1[k % 4u], sums0[k % 4u], k < 4u);
      }
    }
  }`,
});
