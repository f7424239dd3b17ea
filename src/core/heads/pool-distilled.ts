// The head that learns from the items nobody has labelled too: neighbours lend their answers, a plain linear layer
// learns to say the same, and is mixed with one that knows the labels only, by which foresaw more of them.

import { distil, prepareLesson, spreadLabels, type Lesson } from "../learning/distil";
import {
  byLayer,
  calibrate,
  coarseTolerance,
  fitLogistic,
  foldCount,
  strength,
  toFittedHead,
  unseenBy,
} from "../learning/fit-logistic";
import { gatherRows, stratifiedFolds, subset } from "../learning/folds";
import { averageOverNeighbours } from "../graph/graph";
import type { Head, HeadTools } from "../learning/head";
import type { LinearLayer } from "../kernels/kernels";
import { linearLayerOf } from "../learning/model";
import { mixLayers, mixtureOf, secondOf } from "../learning/mixture";
import type { Unseen } from "../learning/temperature";

// 1,000 unlabelled rows measured within half a point of 5,000, and keep a refit under a second.
const lessonSize = 1000;
/** For the fits that are only compared. */
const foldLessonSize = 500;
/** Numbers that labels may spread to, folds included: 2 folds at 50,000 items and 10 classes, a third of a second. */
const spreadAtOnce = 1_500_000;
// Neighbours help as a rule, so it takes a surplus that chance makes in 1 case of 20 to do without them.
const sureMisled = 1.64;

export const head: Head = {
  id: "pool-distilled",
  label: "Learning from neighbours",
  summary:
    "Lets answers spread to similar items and learns from all of them; several points better while labels are few.",
  paper:
    "Zhou et al., Learning with Local and Global Consistency, 2004; Hinton et al., Distilling the Knowledge, 2015",
  modes: ["single"],
  needs: ["graph"],
  parameters: [strength, calibrate],
  fit(training, parameters, warm, tools) {
    const { graph, values } = tools.pool;
    const { dims } = training;
    const last = linearLayerOf(warm);
    const plainly = (fallback: string) =>
      toFittedHead(fitLogistic(training, parameters, last, tools), { fallback });
    if (!graph) return plainly("There is no map of neighbours for these items yet, so only labels are used.");

    const affordable = Math.floor(spreadAtOnce / (graph.rows * training.classes)) - 1;
    const folds = stratifiedFolds(training, foldCount, tools.random.fork("folds")).slice(
      0,
      Math.max(1, affordable),
    );
    const sets = [training, ...folds.map(({ train }) => subset(training, train))];
    const options = { c: parameters["c"]!, stop: tools.stop, labels: spreadLabels(graph, sets, tools.stop) };
    const lesson = prepareLesson(graph, values, dims, drawLesson(tools));
    const averaged = averageOverNeighbours(graph, values, dims, training.places);

    const plain: LinearLayer[] = [];
    const byPlain = unseenBy(training, folds, (rest, _, number) => {
      const fitted = fitLogistic(rest, { c: options.c }, null, tools, coarseTolerance);
      plain[number] = fitted.layer;
      return byLayer(fitted.layer);
    });
    const short = shorten(lesson, dims);
    const byStudent = unseenBy(training, folds, (rest, { train }, number) => {
      const ofRest = gatherRows(averaged, dims, train);
      const more = { ...options, set: number + 1, warm: plain[number]! };
      return byLayer(distil(rest, ofRest, short, more).layers[0]!);
    });
    if (isMisled(byPlain, byStudent))
      return plainly("Similar items often have different answers here, so only labels are used.");

    const found = mixtureOf(byPlain, byStudent);
    const mixture = parameters["calibrate"] ? found : { ...found, temperature: 1 };
    const alone = fitLogistic(training, { c: options.c }, null, tools, coarseTolerance).layer;
    const start = last && secondOf(last, alone, mixture);
    const fitted = distil(training, averaged, lesson, { ...options, set: 0, warm: start });
    const layer = mixLayers(alone, fitted.layers[0]!, mixture);
    return toFittedHead({ ...fitted, layer, temperature: mixture.temperature });
  },
};

/** The same rows in every round, so that a warm start starts near. */
function drawLesson({ pool, random }: HeadTools): Uint32Array {
  const drawn = random.fork("lesson").sample(pool.rows, Math.min(pool.rows, lessonSize));
  return Uint32Array.from(drawn);
}

/** Fewer rows that together count as much, so that what is learnt of the confidence holds for the whole lesson. */
function shorten(lesson: Lesson, dims: number): Lesson {
  const count = Math.min(lesson.places.length, foldLessonSize);
  return {
    places: lesson.places.subarray(0, count),
    features: lesson.features.subarray(0, count * dims),
    averaged: lesson.averaged.subarray(0, count * dims),
    weight: lesson.weight,
  };
}

/**
 * Whether the plain head is right on more of the rows left out than chance would make it: of the rows on which
 * only one of the two is right, the surplus must exceed 1.64 standard deviations (McNemar).
 */
export function isMisled(plain: Unseen, student: Unseen): boolean {
  const [byPlain, byStudent] = [rightOnes(plain), rightOnes(student)];
  let only = 0;
  let surplus = 0;
  byPlain.forEach((right, at) => {
    if (right === byStudent[at]) return;
    only++;
    surplus += right ? 1 : -1;
  });
  return surplus > sureMisled * Math.sqrt(only);
}

function rightOnes({ logits, targets, classes }: Unseen): boolean[] {
  return Array.from({ length: targets.length / classes }, (_, row) => {
    const ofRow = logits.subarray(row * classes, (row + 1) * classes);
    return targets[row * classes + ofRow.indexOf(Math.max(...ofRow))] === 1;
  });
}
