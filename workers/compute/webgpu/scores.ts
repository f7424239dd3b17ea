// Logits, probabilities and the three uncertainties in one pass over the embeddings; the definitions are those
// of core/scores.ts. A lane has one row: it keeps the two greatest logits and the running sum of exponentials,
// then turns the logits it wrote into probabilities.

import type { Activation, LinearLayer, Scores } from "../../../src/core/kernels/kernels";
import { columnsOf } from "./gather";
import type { Gpu, KernelSource, Precision } from "./gpu";
import type { Job } from "./job";
import { padded, spansOf, type GpuMatrix } from "./matrix";
import { rowsPerDispatch } from "./multiply";
import { chunkDims, layout, overColumns, product, read, tileRows, write } from "./wgsl";

export async function scores(
  gpu: Gpu,
  job: Job,
  matrix: GpuMatrix,
  layer: LinearLayer,
  activation: Activation,
): Promise<Scores> {
  const { classes, dims } = layer;
  const { rows, chunks } = matrix;
  const found: Scores = {
    probabilities: new Float32Array(rows * classes),
    leastConfidence: new Float32Array(rows),
    margin: new Float32Array(rows),
    entropy: new Float32Array(rows),
  };
  if (rows === 0 || classes === 0) return found;
  const kernel = await gpu.kernel(scorer(matrix.precision, activation));
  const weights = columnsOf(job, chunks, layer.weights, dims, classes);
  const bias = job.filled(layer.bias);
  const flops = 2 * weights.groups * 8 * chunks * chunkDims;
  const spans = spansOf(matrix, rowsPerDispatch(flops, 4 * classes));
  const longest = Math.max(...spans.map((span) => span.rows));
  const probabilities = job.buffer(longest * classes * 4);
  const doubts = job.buffer(longest * 3 * 4);
  for (const span of spans) {
    const bound = job.bind(kernel, [span.matrix, weights.buffer, bias, probabilities, doubts]);
    const bytes = span.rows * (matrix.rowBytes + 4 * (classes + 3));
    await job.run(bound, [span.rows, chunks, weights.groups, classes], padded(span.rows) / tileRows, {
      bytes,
      flops: span.rows * flops,
    });
    const end = span.firstRow + span.rows;
    await job.read(probabilities, found.probabilities.subarray(span.firstRow * classes, end * classes));
    for (const [at, values] of [found.leastConfidence, found.margin, found.entropy].entries())
      await job.read(doubts, values.subarray(span.firstRow, end), at * span.rows * 4);
  }
  return found;
}

const scorer = (precision: Precision, activation: Activation): KernelSource => ({
  name: `scores by ${activation} in ${precision} precision`,
  lanes: tileRows,
  bindings: [
    read("matrix", "vec4<u32>"),
    read("columns", "vec4<f32>"),
    read("bias", "f32"),
    write("probabilities", "f32"),
    write("doubts", "f32"),
  ],
  params: ["rows", "chunks", "groups", "classes"],
  helpers: layout(precision),
  main: /* wgsl */ `
  let row = group * ${tileRows}u + lane;
  if (row >= params.rows) { return; }
  let start = startOf(row, params.chunks);
  let mine = row * params.classes;
  let count = f32(params.classes);
  ${activation === "softmax" ? softmax(precision) : sigmoid(precision)}`,
});

/** Runs `each` with every class `column` and its logit `z`, kept from infinity, which has no differences. */
const overLogits = (precision: Precision, each: string) => /* wgsl */ `
  for (var g = 0u; g < params.groups; g++) {
    ${overColumns(precision, product)}
    for (var k = 0u; k < 8u; k++) {
      let column = g * 8u + k;
      if (column < params.classes) {
        let z = clamp(select(sums1[k % 4u], sums0[k % 4u], k < 4u) + bias[column], -1e38, 1e38);
        ${each}
      }
    }
  }`;

const softmax = (precision: Precision) => /* wgsl */ `
  var first = -2e38;
  var second = -2e38;
  var sum = 0.0;
  ${overLogits(
    precision,
    `probabilities[mine + column] = z;
        if (z > first) {
          sum = sum * exp(max(first - z, -200.0)) + 1.0;
          second = first;
          first = z;
        } else {
          sum += exp(max(z - first, -200.0));
          second = max(second, z);
        }`,
  )}
  if (params.classes < 2u) {
    probabilities[mine] = 1.0;
    doubts[row] = 0.0;
    doubts[params.rows + row] = 0.0;
    doubts[2u * params.rows + row] = 0.0;
    return;
  }
  var entropy = 0.0;
  for (var column = 0u; column < params.classes; column++) {
    let p = exp(max(probabilities[mine + column] - first, -200.0)) / sum;
    probabilities[mine + column] = p;
    if (p > 0.0) { entropy -= p * log(p); }
  }
  let top = 1.0 / sum;
  let next = exp(max(second - first, -200.0)) / sum;
  doubts[row] = (1.0 - top) * count / (count - 1.0);
  doubts[params.rows + row] = 1.0 - (top - next);
  doubts[2u * params.rows + row] = entropy / log(count);`;

const sigmoid = (precision: Precision) => /* wgsl */ `
  var doubt = 0.0;
  var narrowest = 1.0;
  var bits = 0.0;
  ${overLogits(
    precision,
    `let p = 1.0 / (1.0 + exp(-clamp(z, -80.0, 80.0)));
        probabilities[mine + column] = p;
        doubt = max(doubt, min(p, 1.0 - p));
        narrowest = min(narrowest, abs(2.0 * p - 1.0));
        if (p > 0.0 && p < 1.0) { bits -= p * log2(p) + (1.0 - p) * log2(1.0 - p); }`,
  )}
  doubts[row] = 2.0 * doubt;
  doubts[params.rows + row] = 1.0 - narrowest;
  doubts[2u * params.rows + row] = bits / count;`;
