// The kernels of the wasm tier: one small SIMD module (./assembly), one instance of it for each matrix. They
// answer as core's reference does; where float32 could decide a choice otherwise, float64 has the last word.

import type { Kernels, ResidentMatrix } from "../../../src/core/kernels/kernels";
import { topRows } from "../../../src/core/kernels/top";
import { farthestFirst, spreadSample } from "./cover";
import { gradientSample } from "./gradients";
import { compileModule } from "./instance";
import { kMeans } from "./k-means";
import { createLinearProducts } from "./linear-products";
import { density, innerProducts, multiply, nearest, scores } from "./products";
import { openRowMemory, type RowMemory } from "./row-memory";

/** Rejects where there is no WebAssembly with SIMD. */
export async function createWasmKernels(): Promise<Kernels> {
  const module = await compileModule();
  const alive = new Set<ResidentMatrix>();

  function open(matrix: ResidentMatrix): RowMemory {
    if (!alive.has(matrix)) throw new Error("This matrix is disposed, or was uploaded to other kernels.");
    return matrix as RowMemory;
  }

  /** A kernel of an open matrix as one of `Kernels`. */
  const on =
    <Given extends unknown[], Result>(kernel: (matrix: RowMemory, ...given: Given) => Promise<Result>) =>
    async (matrix: ResidentMatrix, ...given: Given): Promise<Result> =>
      open(matrix).inTurn(() => kernel(open(matrix), ...given));

  return {
    tier: "wasm",
    products: await createLinearProducts(),
    async upload(values, rows, dims) {
      if (values.length !== rows * dims)
        throw new RangeError(`${values.length} values do not make ${rows} rows of ${dims}.`);
      const matrix = await openRowMemory(module, values, rows, dims, (own) => alive.delete(own));
      alive.add(matrix);
      return matrix;
    },
    scores: on(scores),
    farthestFirst: on(farthestFirst),
    spreadSample: on(spreadSample),
    gradientSample: on(gradientSample),
    topK: async (values, candidates, count) => topRows(candidates, values, count),
    nearest: on(nearest),
    kMeans: on(kMeans),
    density: on(density),
    multiply: on(multiply),
    innerProducts: on(innerProducts),
    dispose: () => alive.clear(),
  };
}
