// The student of the pool-distilled head: a plain linear layer fitted to what a teacher, who sees the neighbour
// graph, says of the whole pool. METHODS of the project measured it at 4 to 9 points over plain logistic
// regression with few labels.

import type { StopSignal } from "../errors";
import { fitLayers, logitsOf, type FittedLayers } from "./fit-linear";
import { gatherRows } from "./folds";
import { averageOverNeighbours, spread, type NeighbourGraph } from "../graph/graph";
import type { TrainingSet } from "./head";
import type { LinearLayer } from "../kernels/kernels";
import { scoresFromLogits } from "../kernels/scores";

const alpha = 0.9;
// Within 5% of the limit, where plain repetition needs 29.
const spreadTurns = 8;
const teacherStrength = 100;
/** What each item of the lesson counts, where a labelled one counts 1. */
const unlabelledWeight = 0.2;
/** Moves no probability by more than a thousandth. */
const studentTolerance = 3e-5;

/** Items of the pool, with their embeddings as they are and averaged over neighbours. */
export interface Lesson {
  /** Rows of the pool. */
  readonly places: Uint32Array;
  readonly features: Float32Array;
  readonly averaged: Float32Array;
  /** What all of them together count, where a labelled item counts 1. */
  readonly weight: number;
}

export function prepareLesson(
  graph: NeighbourGraph,
  values: Float32Array,
  dims: number,
  places: Uint32Array,
): Lesson {
  return {
    places,
    features: gatherRows(values, dims, places),
    averaged: averageOverNeighbours(graph, values, dims, places),
    weight: unlabelledWeight * places.length,
  };
}

/** Of several training sets side by side. */
export interface SpreadLabels {
  /** Rows of the pool × columns. */
  readonly values: Float32Array;
  /** sets × classes. */
  readonly columns: number;
  readonly classes: number;
}

/**
 * Spreads the labels of several training sets along the graph at once, which costs little more than one.
 * Each label is a source of 1 / (labels of its class + 1).
 */
export function spreadLabels(
  graph: NeighbourGraph,
  sets: readonly TrainingSet[],
  stop: StopSignal | null,
): SpreadLabels {
  const { classes } = sets[0]!;
  const columns = sets.length * classes;
  const sources = new Float32Array(graph.rows * columns);
  sets.forEach(({ targets, places }, number) => {
    const sizes = new Float64Array(classes);
    targets.forEach((mark, at) => (sizes[at % classes]! += mark));
    places.forEach((place, row) => {
      for (let c = 0; c < classes; c++)
        sources[place * columns + number * classes + c] = targets[row * classes + c]! / (sizes[c]! + 1);
    });
  });
  return { values: spread(graph, sources, alpha, spreadTurns, stop), columns, classes };
}

export interface DistilOptions {
  readonly c: number;
  readonly warm: LinearLayer | null;
  readonly stop: StopSignal | null;
  /** From `spreadLabels`, and which of its sets the training set is. */
  readonly labels: SpreadLabels;
  readonly set: number;
}

/**
 * Fits the teacher's half that is a logistic regression on averaged embeddings, mixes it evenly with the spread
 * labels, and fits the student to the mixture over labelled rows and the lesson. Rows the labels do not reach
 * have the first half only.
 * @param averaged of the training rows.
 * @param lesson unlabelled rows; labelled ones among them are left out.
 */
export function distil(
  training: TrainingSet,
  averaged: Float32Array,
  lesson: Lesson,
  options: DistilOptions,
): FittedLayers {
  const { rows: labelled, dims, classes, targets, features, places } = training;
  const { stop, warm, c } = options;
  const [teacher] = fitLayers({ ...training, features: averaged }, "softmax", {
    c: teacherStrength,
    warm: null,
    stop,
    tolerance: studentTolerance,
  }).layers;
  const known = new Set(places);
  const others = Uint32Array.from(lesson.places.keys()).filter((at) => !known.has(lesson.places[at]!));
  const rows = labelled + others.length;
  const softTargets = new Float32Array(rows * classes);
  softTargets.set(targets);
  const logits = logitsOf(teacher!, gatherRows(lesson.averaged, dims, others), others.length);
  const taught = scoresFromLogits(logits, others.length, classes, "softmax").probabilities;
  mixSpread(taught, gatherRows(lesson.places, 1, others), options.labels, options.set);
  softTargets.set(taught, labelled * classes);
  const allFeatures = new Float32Array(rows * dims);
  allFeatures.set(features);
  allFeatures.set(gatherRows(lesson.features, dims, others), labelled * dims);
  const rowWeights = new Float32Array(rows).fill(lesson.weight / lesson.places.length).fill(1, 0, labelled);
  return fitLayers(
    {
      features: allFeatures,
      rows,
      dims,
      classes,
      targets: softTargets,
      rowWeights,
      products: training.products,
    },
    "softmax",
    { c, warm, stop, labelled, tolerance: studentTolerance },
  );
}

/** Replaces each row of probabilities by its mean with the normalised row of what was spread to it. */
function mixSpread(
  probabilities: Float32Array,
  places: Uint32Array,
  { values, columns, classes }: SpreadLabels,
  set: number,
): void {
  places.forEach((place, row) => {
    const from = place * columns + set * classes;
    const ofRow = values.slice(from, from + classes).map((one) => Math.max(0, one));
    const total = ofRow.reduce((sum, one) => sum + one, 0);
    if (!(total > 0)) return;
    ofRow.forEach((one, c) => {
      const at = row * classes + c;
      probabilities[at] = (probabilities[at]! + one / total) / 2;
    });
  });
}
