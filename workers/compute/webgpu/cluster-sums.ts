// Sums of the rows of each cluster, without float atomics, so that they are the same at every run: a workgroup
// takes one chunk of dimensions over a range of tiles, each lane one cluster, and adds its rows in order; of a
// single cluster, the mean's, each lane adds its own rows. The ranges are added up in float64 here.

import type { Gpu, KernelSource, Precision } from "./gpu";
import type { Job } from "./job";
import { padded, rowsOf, spansOf, type GpuMatrix } from "./matrix";
import { chunkDims, layout, loadChunk, noRow, read, tileRows, write } from "./wgsl";

/** Clusters summed together: one lane each. */
const lanes = tileRows;
const outBytes = 8 * 2 ** 20;

/**
 * @param clusters of every row, on the device; rows with a number of `count` or more are left out.
 * @returns count × dims, row-major.
 */
export async function clusterSums(
  gpu: Gpu,
  job: Job,
  matrix: GpuMatrix,
  clusters: GPUBuffer,
  count: number,
): Promise<Float64Array> {
  const { chunks, dims, rowBytes } = matrix;
  const kernel = await gpu.kernel(summer(matrix.precision, count === 1));
  const longest = Math.max(...spansOf(matrix).map(({ rows }) => rows), 1);
  const sums = new Float64Array(count * dims);
  for (let first = 0; first < count; first += lanes) {
    const width = Math.min(lanes, count - first);
    const rangeFloats = chunks * width * chunkDims;
    const room = Math.max(4, Math.floor(outBytes / (4 * rangeFloats)));
    const ranges = Math.min(64, room, padded(longest) / tileRows);
    const partial = job.buffer(ranges * rangeFloats * 4);
    // Each lane compares with every row, whatever it adds.
    const rowFlops = chunks * (lanes + 2 * chunkDims);
    for (const span of spansOf(matrix, 4e9 / rowFlops)) {
      const bound = job.bind(kernel, [span.matrix, rowsOf(clusters, span), partial]);
      const tiles = padded(span.rows) / tileRows;
      const params = [span.rows, chunks, first, width, Math.ceil(tiles / ranges)];
      const cost = { bytes: span.rows * rowBytes, flops: span.rows * rowFlops };
      await job.run(bound, params, ranges * chunks, cost);
    }
    const found = new Float32Array(ranges * rangeFloats);
    await job.read(partial, found);
    await job.fetched();
    found.forEach((value, at) => {
      const place = at % rangeFloats;
      const dim = Math.floor(place / (width * chunkDims)) * chunkDims + (place % chunkDims);
      const cluster = first + (Math.floor(place / chunkDims) % width);
      if (dim < dims) sums[cluster * dims + dim]! += value;
    });
  }
  return sums;
}

const summer = (precision: Precision, single: boolean): KernelSource => ({
  name: `${single ? "sum" : "cluster sums"} in ${precision} precision`,
  lanes,
  bindings: [read("matrix", "vec4<u32>"), read("clusters", "u32"), write("sums", "vec4<f32>")],
  params: ["rows", "chunks", "first", "width", "tiles"],
  helpers: /* wgsl */ `
${layout(precision)}
var<workgroup> lows: array<vec4<f32>, ${lanes}>;
var<workgroup> highs: array<vec4<f32>, ${lanes}>;
var<workgroup> owners: array<u32, ${lanes}>;`,
  main: /* wgsl */ `
  let range = group / params.chunks;
  let chunk = group % params.chunks;
  let place = (group * params.width + lane) * 2u;
  var low = vec4<f32>(0.0);
  var high = vec4<f32>(0.0);
  ${single ? ownRows(precision) : ownCluster(precision)}
  // The ranges of an earlier part of the matrix are here already.
  if (lane < params.width) {
    sums[place] += low;
    sums[place + 1u] += high;
  }`,
});

const overTiles = (each: string) => /* wgsl */ `
  for (var tile = range * params.tiles; tile < (range + 1u) * params.tiles; tile++) {
    let row = tile * ${tileRows}u + lane;
    ${each}
  }`;

const load = (precision: Precision) => /* wgsl */ `
      let at = startOf(row, params.chunks) + chunk * chunkWords;
      ${loadChunk(precision)}`;

const ownCluster = (precision: Precision) => /* wgsl */ `
  let mine = params.first + lane;
  ${overTiles(/* wgsl */ `
    workgroupBarrier();
    owners[lane] = ${noRow}u;
    if (row < params.rows) {
      ${load(precision)}
      lows[lane] = x0;
      highs[lane] = x1;
      owners[lane] = clusters[row];
    }
    workgroupBarrier();
    if (lane < params.width) {
      for (var other = 0u; other < ${lanes}u; other++) {
        if (owners[other] == mine) {
          low += lows[other];
          high += highs[other];
        }
      }
    }`)}`;

const ownRows = (precision: Precision) => /* wgsl */ `
  ${overTiles(/* wgsl */ `
    if (row < params.rows && clusters[row] == params.first) {
      ${load(precision)}
      low += x0;
      high += x1;
    }`)}
  lows[lane] = low;
  highs[lane] = high;
  workgroupBarrier();
  if (lane == 0u) {
    for (var other = 1u; other < ${lanes}u; other++) {
      low += lows[other];
      high += highs[other];
    }
  }`;
