// Small pools written out by hand, for the tests of strategies and rounds.

import type { Kernels } from "../../src/core/kernels/kernels";
import { resolveParameters } from "../../src/core/parameter";
import { createRandom } from "../../src/core/random";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { scoresFromLogits } from "../../src/core/kernels/scores";
import type { Pool, Strategy, Tools } from "../../src/core/selection/strategy";

export const kernels: Kernels = createReferenceKernels();

/** A point of the unit circle. */
export function onCircle(degrees: number): number[] {
  return [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
}

export function uploadPoints(points: readonly (readonly number[])[]) {
  return kernels.upload(Float32Array.from(points.flat()), points.length, points[0]?.length ?? 2);
}

/** @param probabilities one list for each row; null before there is a head. */
export async function makePool(
  points: readonly (readonly number[])[],
  probabilities: readonly (readonly number[])[] | null,
  candidates: readonly number[] = points.map((_, row) => row),
  labelled: readonly number[] = [],
): Promise<Pool> {
  const classes = probabilities?.[0]?.length ?? 0;
  const logits = Float64Array.from(probabilities?.flat() ?? [], Math.log);
  return {
    embeddings: await uploadPoints(points),
    candidates: Uint32Array.from(candidates),
    labelled: Uint32Array.from(labelled),
    scores: probabilities && scoresFromLogits(logits, probabilities.length, classes, "softmax"),
    classes,
  };
}

export function makeTools(
  strategy: Strategy,
  given: Record<string, number> = {},
  seed = 1,
  stop: Tools["stop"] = null,
): Tools {
  const parameters = resolveParameters(strategy.parameters, given);
  return { kernels, random: createRandom(seed), parameters, stop };
}

export async function selectRows(
  strategy: Strategy,
  pool: Pool,
  count: number,
  given: Record<string, number> = {},
  seed = 1,
): Promise<number[]> {
  return (await strategy.select(pool, count, makeTools(strategy, given, seed))).map(({ row }) => row);
}
