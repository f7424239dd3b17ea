// What a perceptron with one hidden layer of rectified linear units says: of a few rows, and of a whole pool.

import { throwIfStopped, type StopSignal } from "../errors";
import { logitsOf } from "./fit-linear";
import type { Kernels, ResidentMatrix } from "../kernels/kernels";
import type { MlpModel } from "./model";

// Bounds what one product leaves on the host: 8 million floats are 32 MB.
const floatsAtOnce = 8_000_000;

/** @returns rows × classes. */
export function mlpLogits(
  { hidden, output }: Pick<MlpModel, "hidden" | "output">,
  features: Float32Array,
  rows: number,
): Float64Array {
  const activated = Float32Array.from(logitsOf(hidden, features, rows), (value) => Math.max(0, value));
  return logitsOf(output, activated, rows);
}

/** The hidden units are worked out a few at a time, as far as memory allows. @returns rows × classes. */
export async function poolMlpLogits(
  { hidden, output }: MlpModel,
  matrix: ResidentMatrix,
  kernels: Kernels,
  stop: StopSignal | null,
): Promise<Float64Array> {
  const { rows } = matrix;
  const { dims, classes: units } = hidden;
  const { classes } = output;
  const logits = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) logits.set(output.bias, row * classes);
  const atOnce = Math.min(units, Math.max(1, Math.floor(floatsAtOnce / Math.max(1, rows))));
  for (let from = 0; from < units; from += atOnce) {
    throwIfStopped(stop);
    const width = Math.min(atOnce, units - from);
    const part = new Float32Array(dims * width);
    for (let k = 0; k < dims; k++)
      part.set(hidden.weights.subarray(k * units + from, k * units + from + width), k * width);
    const sums = await kernels.multiply(matrix, part, width);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let unit = from; unit < from + width; unit++, at++) {
        const active = sums[at]! + hidden.bias[unit]!;
        if (!(active > 0)) continue;
        const to = row * classes;
        for (let c = 0; c < classes; c++) logits[to + c]! += active * output.weights[unit * classes + c]!;
      }
    }
  }
  return logits;
}
