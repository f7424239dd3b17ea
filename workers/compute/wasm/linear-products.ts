// The two products of every refit (core/learning/linear-products.ts) in WebAssembly: same arguments, same answers up to the
// order of summation in float64. The features are copied once for each training set.

import type { LinearProducts } from "../../../src/core/learning/linear-products";
import { compileModule, startModule } from "./instance";
import { createRowLosses } from "./row-loss";
import { createStepMemories } from "./step-memory";

const pageBytes = 65536;

export async function createLinearProducts(): Promise<LinearProducts> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
  const module = await compileModule();
  const wasm = await startModule(module, memory);
  const open = async () => {
    const own = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
    return [await startModule(module, own), own] as const;
  };
  const start = pageBytes;
  /** Whose numbers lie at `start`. Weak, so that nobody's training set is kept for this. */
  let present = new WeakRef<Float32Array>(new Float32Array(0));

  /** Rows of an even number of float64, zero behind `dims`; then room for `more` numbers. */
  function place(features: Float32Array, rows: number, dims: number, more: number): number {
    const stride = dims + (dims % 2);
    const end = start + 8 * (rows * stride + more);
    const missing = Math.ceil(end / pageBytes) - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
    if (present.deref() !== features) {
      const numbers = view(start, rows * stride);
      if (stride === dims) numbers.set(features.subarray(0, rows * dims));
      else {
        numbers.fill(0);
        for (let row = 0; row < rows; row++)
          numbers.set(features.subarray(row * dims, (row + 1) * dims), row * stride);
      }
      present = new WeakRef(features);
    }
    return start + 8 * rows * stride;
  }

  const view = (address: number, length: number) => new Float64Array(memory.buffer, address, length);

  /** Copies `width` runs of numbers from one distance to another. */
  function spread(from: Float64Array, each: number, to: Float64Array, distance: number): void {
    if (each === distance) to.set(from);
    else
      for (let run = 0; run * each < from.length; run++)
        to.set(from.subarray(run * each, (run + 1) * each), run * distance);
  }

  return {
    openRowLoss: createRowLosses(...(await open())),
    openStepMemory: createStepMemories(...(await open())),

    fillLogits(features, rows, dims, width, point, logits) {
      const stride = dims + (dims % 2);
      const weights = place(features, rows, dims, width * (stride + 1) + rows * width);
      const bias = weights + 8 * width * stride;
      const answer = bias + 8 * width;
      if (stride > dims) view(weights, width * stride).fill(0);
      spread(point.subarray(0, width * dims), dims, view(weights, width * stride), stride);
      view(bias, width).set(point.subarray(width * dims, width * (dims + 1)));
      wasm.fillLogits(start, rows, stride, width, weights, bias, answer);
      logits.set(view(answer, rows * width));
    },

    addGradient(features, rows, dims, width, residuals, gradient) {
      const stride = dims + (dims % 2);
      const sums = place(features, rows, dims, width * (stride + 1) + rows * width);
      const biases = sums + 8 * width * stride;
      const given = biases + 8 * width;
      view(sums, width * (stride + 1)).fill(0);
      view(given, rows * width).set(residuals.subarray(0, rows * width));
      wasm.addGradient(start, rows, stride, width, given, sums, biases);
      const found = view(sums, width * stride);
      for (let column = 0; column < width; column++)
        for (let k = 0; k < dims; k++) gradient[column * dims + k]! += found[column * stride + k]!;
      const shifts = view(biases, width);
      for (let column = 0; column < width; column++) gradient[width * dims + column]! += shifts[column]!;
    },
  };
}
