// Asks every kernel of a tier a small random question and compares with the reference, before it is trusted.

import type { Kernels } from "../../src/core/kernels";
import { createRandom } from "../../src/core/random";
import { createReferenceKernels } from "../../src/core/reference-kernels";

const rows = 37;
const dims = 8;
const classes = 3;
/** float32 sums of a few dozen products of order one differ by far less. */
const tolerance = 1e-4;

/** The name of the first kernel that disagrees, or null. */
export async function findDisagreement(kernels: Kernels): Promise<string | null> {
  const random = createRandom(20261121);
  const draw = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const values = draw(rows * dims);
  const layer = { dims, classes, weights: draw(dims * classes), bias: draw(classes) };
  const candidates = Uint32Array.from({ length: rows - 2 }, (_, place) => place + 2);
  const centres = Uint32Array.of(0, 1);

  const answers = await Promise.all(
    [createReferenceKernels(), kernels].map(async (tier) => {
      const matrix = await tier.upload(values, rows, dims);
      const scores = await tier.scores(matrix, layer, "softmax");
      const farthest = await tier.farthestFirst(matrix, candidates, centres, 5, null);
      const products = await tier.innerProducts(matrix, candidates, centres);
      matrix.dispose();
      return {
        scores: [scores.probabilities, scores.leastConfidence, scores.margin, scores.entropy],
        farthestFirst: [farthest.rows, farthest.distances],
        innerProducts: [products],
      };
    }),
  );
  const [expected, found] = answers as [(typeof answers)[0], (typeof answers)[0]];
  for (const kernel of ["scores", "farthestFirst", "innerProducts"] as const) {
    if (!expected[kernel].every((array, place) => agree(array, found[kernel][place]!))) return kernel;
  }
  return null;
}

function agree(expected: ArrayLike<number>, found: ArrayLike<number>): boolean {
  if (expected.length !== found.length) return false;
  // Written so that NaN disagrees.
  return Array.from(expected).every((value, place) => Math.abs(value - found[place]!) <= tolerance);
}
