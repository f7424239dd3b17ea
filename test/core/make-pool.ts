// Small pools written out by hand, for the tests of strategies and rounds.

import type { Kernels, LinearLayer } from "../../src/core/kernels/kernels";
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

function makeLayer(dims: number, classes: number, seed: number): LinearLayer {
  const random = createRandom(seed);
  const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  return { dims, classes, weights: normals(dims * classes), bias: normals(classes) };
}

/** @param probabilities one list for each row; null before there is a head. */
export async function makePool(
  points: readonly (readonly number[])[],
  probabilities: readonly (readonly number[])[] | null,
  candidates: readonly number[] = points.map((_, row) => row),
  labelled: readonly number[] = [],
  labels: readonly number[] = labelled.map(() => 0),
): Promise<Pool> {
  const classes = probabilities?.[0]?.length ?? 0;
  const logits = Float64Array.from(probabilities?.flat() ?? [], Math.log);
  return {
    answerMode: "single",
    embeddings: await uploadPoints(points),
    values: Float32Array.from(points.flat()),
    candidates: Uint32Array.from(candidates),
    labelled: Uint32Array.from(labelled),
    labels: Int32Array.from(labels),
    outcomes: Int32Array.from(labels),
    passed: new Uint32Array(0),
    scores: probabilities && scoresFromLogits(logits, probabilities.length, classes, "softmax"),
    classes,
    members: probabilities && [1, 2, 3].map((seed) => makeLayer(points[0]?.length ?? 2, classes, seed)),
    layer: probabilities && makeLayer(points[0]?.length ?? 2, classes, 1),
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
