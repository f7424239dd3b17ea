// How near rows are to what is labelled already, by inner products in blocks.

import { throwIfStopped } from "../errors";
import type { Pool, Tools } from "./strategy";

const columnsAtOnce = 64;

/**
 * The largest inner product of every row with any of `others`: rows; −Infinity where there are none.
 */
export async function nearestProduct(
  { embeddings, values }: Pick<Pool, "embeddings" | "values">,
  others: ArrayLike<number>,
  { kernels, stop }: Pick<Tools, "kernels" | "stop">,
): Promise<Float32Array> {
  const { rows, dims } = embeddings;
  const best = new Float32Array(rows).fill(-Infinity);
  for (let from = 0; from < others.length; from += columnsAtOnce) {
    throwIfStopped(stop);
    const width = Math.min(columnsAtOnce, others.length - from);
    const right = new Float32Array(dims * width);
    for (let column = 0; column < width; column++) {
      const start = others[from + column]! * dims;
      for (let k = 0; k < dims; k++) right[k * width + column] = values[start + k]!;
    }
    const products = await kernels.multiply(embeddings, right, width);
    for (let row = 0, at = 0; row < rows; row++)
      for (let column = 0; column < width; column++, at++)
        if (products[at]! > best[row]!) best[row] = products[at]!;
  }
  return best;
}
