// Times the kernels that selections spend their time in, on generated embeddings, beside the machine's own copy
// bandwidth in the same run. Wall-clock, with everything a caller waits for.

import type { Kernels, ResidentMatrix, Tier } from "../../src/core/kernels/kernels";
import { createRandom } from "../../src/core/random";
import type { Measurement } from "../api";
import type { OpenedKernels } from "./open-kernels";
import { copyBandwidth } from "./webgpu/copy-bandwidth";

const dims = 128;
const classes = 10;
const picks = 20;
/** What a pass reads and writes for a row beside its embedding: least distance twice, norm. */
const stateBytes = 12;
const copiedBytes = 64 * 2 ** 20;
/** A fast machine is asked more, until the answer takes this long: below, the asking is what is timed. */
const longEnoughMs = 100;
const mostRows = 320_000;

const rowsToStartWith: Readonly<Record<Tier, number>> = { webgpu: 20_000, wasm: 20_000, cpu: 1000 };
/** A software adapter takes seconds for what a card does in milliseconds. */
const softwareRows = 1000;

export async function measureKernels(
  { kernels, gpu, valueBytes, report }: OpenedKernels,
  now: () => number,
): Promise<Measurement> {
  const software = gpu?.info.isFallbackAdapter ?? false;
  const grows = kernels.tier !== "cpu" && !software;
  const copyBytesPerSecond = gpu
    ? await copyBandwidth(gpu, software ? copiedBytes / 16 : copiedBytes, now)
    : hostBandwidth(now);
  let rows = software ? softwareRows : rowsToStartWith[kernels.tier];
  // Once beforehand, so that compiling is not timed.
  await timeAll(kernels, 500, valueBytes, now);
  let timed = await timeAll(kernels, rows, valueBytes, now);
  while (grows && timed[0]!.ms < longEnoughMs && rows * 4 <= mostRows) {
    rows *= 4;
    timed = await timeAll(kernels, rows, valueBytes, now);
  }
  return { tier: kernels.tier, adapter: report.adapter, rows, dims, copyBytesPerSecond, kernels: timed };
}

async function timeAll(
  kernels: Kernels,
  rows: number,
  valueBytes: number,
  now: () => number,
): Promise<Measurement["kernels"]> {
  const matrix = await kernels.upload(generate(rows * dims, 1), rows, dims);
  try {
    return await timeOn(kernels, matrix, valueBytes, now);
  } finally {
    matrix.dispose();
  }
}

async function timeOn(
  kernels: Kernels,
  matrix: ResidentMatrix,
  valueBytes: number,
  now: () => number,
): Promise<Measurement["kernels"]> {
  const { rows } = matrix;
  const candidates = Uint32Array.from({ length: rows }, (_, row) => row);
  const none = new Uint32Array(0);
  const layer = { dims, classes, weights: generate(dims * classes, 2), bias: new Float32Array(classes) };
  const rowBytes = dims * valueBytes;

  const timed: { name: string; ms: number; bytes: number }[] = [];
  const time = async <Result>(name: string, bytes: number, work: () => Promise<Result>): Promise<Result> => {
    const startedAt = now();
    const result = await work();
    timed.push({ name, ms: now() - startedAt, bytes });
    return result;
  };
  const passes = picks * rows;
  await time(`Coverage (k-center), ${picks} picks`, passes * (rowBytes + stateBytes), () =>
    kernels.farthestFirst(matrix, candidates, none, picks, null),
  );
  const { probabilities } = await time(
    `Scores, ${classes} classes`,
    rows * (rowBytes + 4 * (classes + 3)),
    () => kernels.scores(matrix, layer, "softmax"),
  );
  await time(`BADGE, ${picks} picks`, passes * (rowBytes + stateBytes + 4 * classes), () =>
    kernels.gradientSample(matrix, probabilities, classes, candidates, picks, 1, null),
  );
  return timed;
}

/** Uniform, quickly: what the numbers are does not matter, only that no two rows are alike. */
function generate(length: number, seed: number): Float32Array {
  let state = createRandom(seed).integer(2 ** 31) | 1;
  const values = new Float32Array(length);
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[at] = state / 2 ** 31;
  }
  return values;
}

function hostBandwidth(now: () => number): number {
  const from = new Float32Array(copiedBytes / 4).fill(1);
  const to = new Float32Array(from.length);
  let least = Infinity;
  for (let turn = 0; turn < 5; turn++) {
    const startedAt = now();
    to.set(from);
    least = Math.min(least, now() - startedAt);
  }
  return (2 * copiedBytes * 1000) / Math.max(least, 0.1);
}
