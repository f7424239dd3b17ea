// Embeddings on the device: written once in pieces, packed there into interleaved blocks of half or single
// precision with the squared norm of every row. Half is given up where the numbers do not suit it.

import type { ResidentMatrix } from "../../../src/core/kernels/kernels";
import { Gpu, paramSlotBytes, usage, type KernelSource, type Precision } from "./gpu";
import type { Bindable, Job } from "./job";
import { chunkDims, layout, read, tileRows, write } from "./wgsl";

/** What is written to the device at a time. */
const pieceBytes = 8 * 2 ** 20;
/** Half precision overflows above 65504 and loses digits below 6e-5: the largest number should lie between. */
const halfRange = { least: 2 ** -7, most: 60_000 };

export interface Block {
  readonly buffer: GPUBuffer;
  readonly firstRow: number;
  readonly rows: number;
}

export interface GpuMatrix extends ResidentMatrix {
  readonly precision: Precision;
  /** Chunks of eight numbers in a row, the last one filled up with zeros. */
  readonly chunks: number;
  /** A row's bytes. */
  readonly rowBytes: number;
  readonly blocks: readonly Block[];
  /** The squared norm of every row, as held. */
  readonly norms: GPUBuffer;
}

/** A piece of a block, short enough for what is done with it. Starts with a tile. */
export interface Span {
  readonly matrix: Bindable;
  readonly firstRow: number;
  readonly rows: number;
}

/** The matrix in pieces of at most so many rows; at least one tile each. */
export function spansOf({ blocks, rowBytes }: GpuMatrix, maxRows = Infinity): Span[] {
  const step = Math.max(tileRows, Math.floor(maxRows / tileRows) * tileRows);
  return blocks.flatMap(({ buffer, firstRow, rows }) => {
    const spans: Span[] = [];
    for (let from = 0; from < rows; from += step) {
      const count = Math.min(step, rows - from);
      const size = padded(count) * rowBytes;
      spans.push({
        matrix: { buffer, offset: from * rowBytes, size },
        firstRow: firstRow + from,
        rows: count,
      });
    }
    return spans;
  });
}

/** A span's part of a buffer with `bytes` for each row of the matrix. */
export function rowsOf(buffer: GPUBuffer, { firstRow, rows }: Span, bytes = 4): Bindable {
  return { buffer, offset: firstRow * bytes, size: padded(rows) * bytes };
}

/** A buffer with so many bytes for each row, in whole tiles. */
export function perRow(job: Job, rows: number, bytes = 4): GPUBuffer {
  return job.buffer(padded(rows) * bytes);
}

export function padded(rows: number): number {
  return Math.ceil(rows / tileRows) * tileRows;
}

/** An empty matrix of this shape. The caller sees to its errors. */
export function createMatrix(gpu: Gpu, rows: number, dims: number, precision: Precision): GpuMatrix {
  const chunks = Math.max(1, Math.ceil(dims / chunkDims));
  const rowBytes = chunks * chunkDims * (precision === "half" ? 2 : 4);
  const blockRows = Math.max(tileRows, Math.floor(gpu.blockBytes / rowBytes / tileRows) * tileRows);
  const flags = usage.storage | usage.copyDst | usage.copySrc;
  const blocks: Block[] = [];
  for (let firstRow = 0; firstRow < rows; firstRow += blockRows) {
    const count = Math.min(blockRows, rows - firstRow);
    blocks.push({ buffer: gpu.buffer(padded(count) * rowBytes, flags), firstRow, rows: count });
  }
  const norms = gpu.buffer(padded(rows) * 4, flags);
  let alive = true;
  return {
    rows,
    dims,
    precision,
    chunks,
    rowBytes,
    blocks,
    norms,
    dispose() {
      if (!alive) return;
      alive = false;
      norms.destroy();
      for (const { buffer } of blocks) buffer.destroy();
    },
  };
}

/** @throws TierFailed where the device has no room or fails; nothing is left behind then. */
export async function uploadMatrix(
  gpu: Gpu,
  values: Float32Array,
  rows: number,
  dims: number,
): Promise<GpuMatrix> {
  if (values.length !== rows * dims)
    throw new RangeError(`${values.length} values do not make ${rows} rows of ${dims}.`);
  const packed = await pack(gpu, values, rows, dims, gpu.precision);
  if (gpu.precision === "single" || packed.suits) return packed.matrix;
  packed.matrix.dispose();
  return (await pack(gpu, values, rows, dims, "single")).matrix;
}

async function pack(gpu: Gpu, values: Float32Array, rows: number, dims: number, precision: Precision) {
  let matrix: GpuMatrix | null = null;
  try {
    return await gpu.job(null, async (job) => {
      const made = (matrix = createMatrix(gpu, rows, dims, precision));
      const kernel = await gpu.kernel(packer(precision));
      const pieceRows = Math.max(tileRows, Math.floor(pieceBytes / (4 * dims) / tileRows) * tileRows);
      const piece = job.buffer(Math.min(pieceRows, rows) * dims * 4);
      const peak = job.buffer(4);
      for (const span of spansOf(made, pieceRows)) {
        job.write(piece, values.subarray(span.firstRow * dims, (span.firstRow + span.rows) * dims));
        const bound = job.bind(kernel, [piece, span.matrix, rowsOf(made.norms, span), peak]);
        await job.run(bound, [span.rows, dims, made.chunks], padded(span.rows) / tileRows);
        await job.flush();
      }
      const found = new Float32Array(1);
      await job.read(peak, found);
      await job.fetched();
      const largest = found[0]!;
      return {
        matrix: made,
        suits: largest === 0 || (largest >= halfRange.least && largest <= halfRange.most),
      };
    });
  } catch (error) {
    (matrix as GpuMatrix | null)?.dispose();
    throw error;
  }
}

const packer = (precision: Precision): KernelSource => ({
  name: `pack in ${precision} precision`,
  lanes: tileRows,
  bindings: [
    read("given", "u32"),
    write("matrix", "vec4<u32>"),
    write("norms", "f32"),
    write("peak", "atomic<u32>"),
  ],
  params: ["rows", "dims", "chunks"],
  helpers: layout(precision),
  main: /* wgsl */ `
  let row = group * ${tileRows}u + lane;
  if (row >= params.rows) { return; }
  var at = startOf(row, params.chunks);
  var sums0 = vec4<f32>(0.0);
  var sums1 = vec4<f32>(0.0);
  var most = 0u;
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    var x: array<u32, 8>;
    for (var k = 0u; k < 8u; k++) {
      let dim = chunk * 8u + k;
      // Said outright: SwiftShader keeps the last turn's numbers.
      x[k] = 0u;
      if (dim < params.dims) {
        x[k] = given[row * params.dims + dim];
        most = max(most, x[k] & 0x7fffffffu);
      }
    }
    let a = vec4<u32>(x[0], x[1], x[2], x[3]);
    let b = vec4<u32>(x[4], x[5], x[6], x[7]);
    ${packStore(precision)}
    sums0 = fma(x0, x0, sums0);
    sums1 = fma(x1, x1, sums1);
    at += chunkWords;
  }
  norms[row] = total(sums0 + sums1);
  // Bits of positive floats order as the floats do, with infinity and NaN on top.
  atomicMax(&peak[0], most);`,
});

const packStore = (precision: Precision) =>
  precision === "half"
    ? /* wgsl */ `
    let f = bitcast<vec4<f32>>(a);
    let g = bitcast<vec4<f32>>(b);
    let q = vec4<u32>(pack2x16float(f.xy), pack2x16float(f.zw), pack2x16float(g.xy), pack2x16float(g.zw));
    matrix[at] = q;
    let x0 = lower(q);
    let x1 = upper(q);`
    : /* wgsl */ `
    matrix[at] = a;
    matrix[at + ${tileRows}u] = b;
    let x0 = bitcast<vec4<f32>>(a);
    let x1 = bitcast<vec4<f32>>(b);`;

/** Offsets of spans must be multiples of what the device demands, which is this at most. */
if ((tileRows * 4) % paramSlotBytes !== 0) throw new Error("A tile of numbers must fill whole slots.");
