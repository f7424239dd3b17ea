// The k best rows of every query by inner product: each lane has one query and keeps its best in order while the
// rows of the matrix pass by as columns. Few queries share the columns out among slices, merged here.

import type { StopSignal } from "../../../src/core/errors";
import { createColumns, gatherColumns, gatherRows, groupColumns } from "./gather";
import type { Gpu, KernelSource, Precision } from "./gpu";
import { dispatchFlops, type Job } from "./job";
import { padded, type GpuMatrix } from "./matrix";
import { chunkDims, layout, noRow, overColumns, product, read, tileRows, write } from "./wgsl";

/** Lists longer than this would not stay in a lane's own memory. */
export const mostNeighbours = 64;
/** Queries taken together: bounds the memory for them and their lists. */
const queriesTogether = 65_536;
/** Lanes that keep a GPU busy. */
const busyLanes = 16_384;
const columnsTogether = 2048;

export interface Neighbours {
  readonly rows: Uint32Array;
  readonly products: Float32Array;
}

/** @param k at most `mostNeighbours`. */
export async function nearestRows(
  gpu: Gpu,
  matrix: GpuMatrix,
  queries: Uint32Array,
  k: number,
  stop: StopSignal | null,
): Promise<Neighbours> {
  const rows = new Uint32Array(queries.length * k);
  const products = new Float32Array(queries.length * k);
  for (let from = 0; from < queries.length; from += queriesTogether) {
    const some = queries.subarray(from, from + queriesTogether);
    const found = await gpu.job(stop, async (job) => {
      const gathered = await gatherRows(gpu, job, matrix, some);
      try {
        return await search(gpu, job, matrix, gathered, some, k);
      } finally {
        gathered.dispose();
      }
    });
    rows.set(found.rows, from * k);
    products.set(found.products, from * k);
  }
  return { rows, products };
}

async function search(
  gpu: Gpu,
  job: Job,
  matrix: GpuMatrix,
  gathered: GpuMatrix,
  queries: Uint32Array,
  k: number,
): Promise<Neighbours> {
  const { chunks } = matrix;
  const length = [8, 16, 32, mostNeighbours].find((one) => one >= k)!;
  const kernel = await gpu.kernel(finder(matrix.precision, length));
  const lanes = padded(queries.length);
  const slices = Math.max(1, Math.min(64, Math.floor(busyLanes / lanes)));
  const ids = job.filled(queries);
  const all = job.filled(Uint32Array.from({ length: matrix.rows }, (_, row) => row));
  const columns = createColumns(job, chunks, Math.min(columnsTogether, matrix.rows));
  const lists = {
    products: job.buffer(slices * lanes * length * 4),
    rows: job.buffer(slices * lanes * length * 4),
  };
  let firstPart = 1;
  const groupFlops = 2 * lanes * groupColumns * chunks * chunkDims;
  const step = Math.max(slices, Math.floor(dispatchFlops / groupFlops));
  // Queries may lie in several blocks, which share the lists.
  let firstQuery = 0;
  const blocks = gathered.blocks.map(({ buffer, rows }) => {
    const bound = job.bind(kernel, [buffer, columns.buffer, ids, lists.products, lists.rows]);
    const one = { bound, rows, firstQuery };
    firstQuery += rows;
    return one;
  });
  for (let from = 0; from < matrix.rows; from += columnsTogether) {
    const count = Math.min(columnsTogether, matrix.rows - from);
    await gatherColumns(gpu, job, matrix, { buffer: all, from, count }, columns);
    const groups = Math.ceil(count / groupColumns);
    for (let first = 0; first < groups; first += step) {
      const end = Math.min(groups, first + step);
      for (const { bound, rows, firstQuery } of blocks) {
        const params = [rows, firstQuery, lanes, chunks, first, end, count, from, slices, k, firstPart];
        const cost = { flops: (groupFlops * (end - first) * rows) / lanes };
        await job.run(bound, params, (padded(rows) / tileRows) * slices, cost);
      }
      firstPart = 0;
    }
  }
  const found = {
    products: new Float32Array(slices * lanes * length),
    rows: new Uint32Array(slices * lanes * length),
  };
  await job.read(lists.products, found.products);
  await job.read(lists.rows, found.rows);
  await job.fetched();
  return merge(found, queries, k, { slices, lanes, length });
}

/** The best of each query's lists, one from each slice. */
function merge(
  lists: Neighbours,
  queries: Uint32Array,
  k: number,
  { slices, lanes, length }: { slices: number; lanes: number; length: number },
): Neighbours {
  const rows = new Uint32Array(queries.length * k);
  const products = new Float32Array(queries.length * k).fill(-Infinity);
  const heads = new Uint32Array(slices);
  queries.forEach((query, at) => {
    heads.fill(0);
    for (let to = 0; to < k; to++) {
      let best = -1;
      let bestSlice = 0;
      for (let slice = 0; slice < slices; slice++) {
        if (heads[slice]! >= k) continue;
        const place = (slice * lanes + at) * length + heads[slice]!;
        // Slices of later columns hold higher rows only within one part, so rows are compared too.
        if (lists.rows[place] !== noRow && (best < 0 || isBetter(lists, place, best))) {
          best = place;
          bestSlice = slice;
        }
      }
      rows[at * k + to] = best < 0 ? query : lists.rows[best]!;
      if (best < 0) continue;
      products[at * k + to] = lists.products[best]!;
      heads[bestSlice]! += 1;
    }
  });
  return { rows, products };
}

function isBetter({ rows, products }: Neighbours, place: number, other: number): boolean {
  const difference = products[place]! - products[other]!;
  return difference > 0 || (difference === 0 && rows[place]! < rows[other]!);
}

const finder = (precision: Precision, length: number): KernelSource => ({
  name: `nearest ${length} in ${precision} precision`,
  lanes: tileRows,
  bindings: [
    read("matrix", "vec4<u32>"),
    read("columns", "vec4<f32>"),
    read("ids", "u32"),
    write("listProducts", "f32"),
    write("listRows", "u32"),
  ],
  params: [
    "rows",
    "firstQuery",
    "lanes",
    "chunks",
    "begin",
    "end",
    "count",
    "firstColumn",
    "slices",
    "k",
    "firstPart",
  ],
  helpers: layout(precision),
  main: /* wgsl */ `
  let slice = group % params.slices;
  let row = (group / params.slices) * ${tileRows}u + lane;
  if (row >= params.rows) { return; }
  let query = params.firstQuery + row;
  let id = ids[query];
  let list = (slice * params.lanes + query) * ${length}u;
  var bests: array<f32, ${length}>;
  var found: array<u32, ${length}>;
  for (var at = 0u; at < params.k; at++) {
    bests[at] = select(listProducts[list + at], -3.4028234e38, params.firstPart == 1u);
    found[at] = select(listRows[list + at], ${noRow}u, params.firstPart == 1u);
  }
  let start = startOf(row, params.chunks);
  let each = (params.end - params.begin + params.slices - 1u) / params.slices;
  let first = params.begin + slice * each;
  for (var g = first; g < min(first + each, params.end); g++) {
    ${overColumns(precision, product)}
    for (var c = 0u; c < 8u; c++) {
      let column = g * 8u + c;
      let other = params.firstColumn + column;
      let value = select(sums1[c % 4u], sums0[c % 4u], c < 4u);
      if (column < params.count && other != id
        && (value > bests[params.k - 1u] || found[params.k - 1u] == ${noRow}u)) {
        var to = params.k - 1u;
        while (to > 0u && (found[to - 1u] == ${noRow}u || bests[to - 1u] < value)) {
          bests[to] = bests[to - 1u];
          found[to] = found[to - 1u];
          to--;
        }
        bests[to] = value;
        found[to] = other;
      }
    }
  }
  for (var at = 0u; at < params.k; at++) {
    listProducts[list + at] = bests[at];
    listRows[list + at] = found[at];
  }`,
});
