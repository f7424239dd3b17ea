// The plain implementation of `Kernels`: slow, obvious, float64 inside. It is what the fast ones are compared
// with, and what core runs on where nothing faster is given. The arithmetic is in ./reference.

import type { Kernels, ResidentMatrix } from "./kernels";
import { farthestFirst } from "./reference/farthest-first";
import type { HostMatrix } from "./reference/host-matrix";
import { kMeans } from "./reference/k-means";
import { density, innerProducts, multiply, nearest, scores, topK } from "./reference/products";
import { gradientSample, spreadSample } from "./reference/spread-sample";

/** @throws Error from every kernel that is given a disposed matrix, or one of another implementation. */
export function createReferenceKernels(): Kernels {
  const alive = new Set<ResidentMatrix>();

  function open(matrix: ResidentMatrix): HostMatrix {
    if (!alive.has(matrix)) throw new Error("This matrix is disposed, or was uploaded to other kernels.");
    return matrix as HostMatrix;
  }

  /** A kernel of an open matrix as one of `Kernels`. */
  const on =
    <Given extends unknown[], Result>(kernel: (matrix: HostMatrix, ...given: Given) => Result) =>
    async (matrix: ResidentMatrix, ...given: Given): Promise<Result> =>
      kernel(open(matrix), ...given);

  return {
    tier: "cpu",
    async upload(values, rows, dims) {
      if (values.length !== rows * dims)
        throw new RangeError(`${values.length} values do not make ${rows} rows of ${dims}.`);
      const matrix: HostMatrix = { rows, dims, values: values.slice(), dispose: () => alive.delete(matrix) };
      alive.add(matrix);
      return matrix;
    },
    scores: on(scores),
    farthestFirst: on(farthestFirst),
    spreadSample: on(spreadSample),
    gradientSample: on(gradientSample),
    topK: async (values, candidates, count) => topK(values, candidates, count),
    nearest: on(nearest),
    kMeans: on(kMeans),
    density: on(density),
    multiply: on(multiply),
    innerProducts: on(innerProducts),
    dispose: () => alive.clear(),
  };
}
