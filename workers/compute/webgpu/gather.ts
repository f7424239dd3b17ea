// Copies rows of a matrix on the device: into a smaller matrix, so that a pass over few candidates reads only
// them, or into columns of full precision, which other rows are multiplied with or measured against.

import type { Gpu, KernelSource, Precision } from "./gpu";
import type { Job } from "./job";
import { createMatrix, padded, rowsOf, spansOf, type GpuMatrix } from "./matrix";
import { chunkDims, layout, loadChunk, read, tileRows, write } from "./wgsl";

/** Columns in a group: what one lane works on together. */
export const groupColumns = 8;

export interface Columns {
  /** [group of 8][dimension, padded][8], float32. */
  readonly buffer: GPUBuffer;
  /** Squared norm of each. */
  readonly norms: GPUBuffer;
  readonly count: number;
  readonly groups: number;
}

/** The caller disposes of the result. */
export async function gatherRows(
  gpu: Gpu,
  job: Job,
  source: GpuMatrix,
  rows: Uint32Array,
): Promise<GpuMatrix> {
  const { dims, precision, chunks, rowBytes } = source;
  const target = createMatrix(gpu, rows.length, dims, precision);
  const kernel = await gpu.kernel(rowGatherer(precision));
  const list = job.filled(rows);
  for (const to of spansOf(target)) {
    for (const from of spansOf(source)) {
      const bound = job.bind(kernel, [
        from.matrix,
        list,
        to.matrix,
        rowsOf(source.norms, from),
        rowsOf(target.norms, to),
      ]);
      const params = [to.rows, to.firstRow, from.firstRow, from.rows, chunks];
      await job.run(bound, params, padded(to.rows) / tileRows, { bytes: 2 * to.rows * rowBytes });
    }
  }
  return target;
}

export function columnsBytes(chunks: number, count: number): number {
  return Math.ceil(count / groupColumns) * groupColumns * chunks * chunkDims * 4;
}

/** Room for so many columns, filled by `gatherColumns` or from here. */
export function createColumns(job: Job, chunks: number, count: number): Columns {
  const groups = Math.ceil(count / groupColumns);
  return {
    buffer: job.buffer(columnsBytes(chunks, count)),
    norms: job.buffer(groups * groupColumns * 4),
    count,
    groups,
  };
}

/** Part of a list of rows that lies on the device. */
export interface RowList {
  readonly buffer: GPUBuffer;
  readonly from: number;
  readonly count: number;
}

/** Fills the columns with rows of the matrix, of which there may be fewer than there is room for. */
export async function gatherColumns(
  gpu: Gpu,
  job: Job,
  source: GpuMatrix,
  list: RowList,
  columns: Columns,
): Promise<void> {
  const kernel = await gpu.kernel(columnGatherer(source.precision));
  for (const from of spansOf(source)) {
    const bound = job.bind(kernel, [
      from.matrix,
      list.buffer,
      columns.buffer,
      rowsOf(source.norms, from),
      columns.norms,
    ]);
    const params = [list.count, list.from, from.firstRow, from.rows, source.chunks];
    const bytes = list.count * source.rowBytes * 3;
    await job.run(bound, params, Math.ceil(list.count / tileRows), { bytes });
  }
}

/** Columns from here: `right` is dims × count, row-major. */
export function columnsOf(
  job: Job,
  chunks: number,
  right: Float32Array,
  dims: number,
  count: number,
): Columns {
  const columns = createColumns(job, chunks, count);
  const laid = new Float32Array(columns.groups * chunks * chunkDims * groupColumns);
  const norms = new Float32Array(columns.groups * groupColumns);
  for (let column = 0; column < count; column++) {
    const group = Math.floor(column / groupColumns) * chunks * chunkDims;
    let norm = 0;
    for (let k = 0; k < dims; k++) {
      const value = right[k * count + column]!;
      laid[(group + k) * groupColumns + (column % groupColumns)] = value;
      norm += value * value;
    }
    norms[column] = norm;
  }
  job.write(columns.buffer, laid);
  job.write(columns.norms, norms);
  return columns;
}

const rowGatherer = (precision: Precision): KernelSource => ({
  name: `gather rows in ${precision} precision`,
  lanes: tileRows,
  bindings: [
    read("matrix", "vec4<u32>"),
    read("list", "u32"),
    write("gathered", "vec4<u32>"),
    read("norms", "f32"),
    write("gatheredNorms", "f32"),
  ],
  params: ["rows", "firstTo", "first", "available", "chunks"],
  helpers: layout(precision),
  main: /* wgsl */ `
  let to = group * ${tileRows}u + lane;
  if (to >= params.rows) { return; }
  // Wraps round below the first, and is then out of reach too.
  let row = list[params.firstTo + to] - params.first;
  if (row >= params.available) { return; }
  var at = startOf(row, params.chunks);
  var put = startOf(to, params.chunks);
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    gathered[put] = matrix[at];
    ${precision === "single" ? `gathered[put + ${tileRows}u] = matrix[at + ${tileRows}u];` : ""}
    at += chunkWords;
    put += chunkWords;
  }
  gatheredNorms[to] = norms[row];`,
});

const columnGatherer = (precision: Precision): KernelSource => ({
  name: `gather columns from ${precision} precision`,
  lanes: tileRows,
  bindings: [
    read("matrix", "vec4<u32>"),
    read("list", "u32"),
    write("gathered", "f32"),
    read("norms", "f32"),
    write("gatheredNorms", "f32"),
  ],
  params: ["count", "firstTo", "first", "available", "chunks"],
  helpers: layout(precision),
  main: /* wgsl */ `
  let to = group * ${tileRows}u + lane;
  if (to >= params.count) { return; }
  let row = list[params.firstTo + to] - params.first;
  if (row >= params.available) { return; }
  var at = startOf(row, params.chunks);
  var put = (to / 8u) * params.chunks * 64u + to % 8u;
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    ${loadChunk(precision)}
    for (var k = 0u; k < 4u; k++) {
      gathered[put + k * 8u] = x0[k];
      gathered[put + k * 8u + 32u] = x1[k];
    }
    at += chunkWords;
    put += 64u;
  }
  gatheredNorms[to] = norms[row];`,
});
