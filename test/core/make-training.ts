// Small training sets, for the tests of heads.

import type { StopSignal } from "../../src/core/errors";
import type { NeighbourGraph } from "../../src/core/graph/graph";
import type { FittedHead, HeadTools, TrainingSet } from "../../src/core/learning/head";
import type { LinearLayer } from "../../src/core/kernels/kernels";
import { linearLayerOf, scoreModel } from "../../src/core/learning/model";
import type { AnswerMode } from "../../src/core/project";
import { createRandom } from "../../src/core/random";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";

/** @param targets one list of class indices for each row of features. */
export function makeTraining(
  features: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
  classes: number,
): TrainingSet {
  const dims = features[0]?.length ?? 1;
  const marks = new Uint8Array(features.length * classes);
  targets.forEach((ofRow, row) => ofRow.forEach((one) => (marks[row * classes + one] = 1)));
  return {
    features: Float32Array.from(features.flat()),
    rows: features.length,
    dims,
    targets: marks,
    classes,
    places: Uint32Array.from(features.keys()),
  };
}

/** Rows of length 1 around one centre for each class, with one class each. */
export function clusters(rows: number, dims: number, classes: number, seed: number): TrainingSet {
  const random = createRandom(seed);
  const centres = Array.from({ length: classes * dims }, () => random.normal());
  const features: number[][] = [];
  const targets: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const one = row < classes ? row : random.integer(classes);
    const point = Array.from({ length: dims }, (_, k) => centres[one * dims + k]! + random.normal());
    const length = Math.hypot(...point);
    features.push(point.map((value) => value / length));
    targets.push([one]);
  }
  return makeTraining(features, targets, classes);
}

/** The one layer of a head that leaves a linear model. */
export function layerOf({ model }: Pick<FittedHead, "model">): LinearLayer {
  const layer = linearLayerOf(model);
  if (!layer) throw new Error(`This head left a model of the kind ${model.kind}, not a linear one.`);
  return layer;
}

/** Probabilities of the training rows, rows × classes. */
export async function predict(fitted: FittedHead, training: TrainingSet): Promise<Float32Array> {
  const kernels = createReferenceKernels();
  const matrix = await kernels.upload(training.features, training.rows, training.dims);
  return (await scoreModel(fitted.model, matrix, kernels, null)).probabilities;
}

/** The training rows are all the items there are. */
export function toolsFor(
  training: TrainingSet,
  graph: NeighbourGraph | null = null,
  stop: StopSignal | null = null,
  answerMode: AnswerMode = "single",
): HeadTools {
  const pool = { values: training.features, rows: training.rows, graph };
  return { pool, answerMode, random: createRandom(1), stop };
}
