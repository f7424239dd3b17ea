// What the hold-out says of a head: accuracy, and precision, recall and F1 for each class, for items with one
// class and for items with several alike.

import type { ClassId } from "../ids";
import { bootstrap, wilson } from "./interval";
import type { AnswerMode } from "../project";
import type { Random } from "../random";
import type { ClassReport, Evaluation } from "../round";

/** One item: the classes it has and the classes it was given, as indices, each without repeats. */
export interface Judged {
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
}

/** Items of each class: truly of it, predicted as it, and both. */
interface Tally {
  readonly support: Uint32Array;
  readonly claimed: Uint32Array;
  readonly hits: Uint32Array;
}

/**
 * Accuracy is the share of items whose classes are all right and no others. A ratio without cases is 0, as in
 * scikit-learn.
 * @param random draws the bootstrap samples.
 */
export function evaluate(
  judged: readonly Judged[],
  classIds: readonly ClassId[],
  answerMode: AnswerMode,
  random: Random,
): Evaluation {
  const tally = openTally(classIds.length);
  for (const one of judged) add(tally, one);
  const right = judged.filter(isRight).length;
  const again = openTally(classIds.length);
  const resampled = (drawn: Uint32Array) => {
    for (const counts of [again.support, again.claimed, again.hits]) counts.fill(0);
    for (const at of drawn) add(again, judged[at]!);
    return macroF1(again);
  };
  return {
    count: judged.length,
    accuracy: wilson(right, judged.length),
    macroF1: bootstrap(macroF1(tally), judged.length, random, resampled),
    perClass: classIds.map((classId, at) => reportOf(tally, classId, at)),
    confusion: answerMode === "single" ? confusionOf(judged, classIds.length) : [],
  };
}

function openTally(classes: number): Tally {
  return {
    support: new Uint32Array(classes),
    claimed: new Uint32Array(classes),
    hits: new Uint32Array(classes),
  };
}

function add(tally: Tally, { truth, predicted }: Judged): void {
  for (const at of truth) tally.support[at]! += 1;
  for (const at of predicted) {
    tally.claimed[at]! += 1;
    if (truth.includes(at)) tally.hits[at]! += 1;
  }
}

function reportOf({ support, claimed, hits }: Tally, classId: ClassId, at: number): ClassReport {
  return {
    classId,
    support: support[at]!,
    precision: ratio(hits[at]!, claimed[at]!),
    recall: ratio(hits[at]!, support[at]!),
    f1: ratio(2 * hits[at]!, claimed[at]! + support[at]!),
  };
}

/** Mean over the classes with any true or predicted item; 1 where there is nothing to find and nothing claimed. */
function macroF1({ support, claimed, hits }: Tally): number {
  let sum = 0;
  let present = 0;
  for (let at = 0; at < support.length; at++) {
    const cases = support[at]! + claimed[at]!;
    if (cases === 0) continue;
    sum += (2 * hits[at]!) / cases;
    present++;
  }
  return present === 0 ? 1 : sum / present;
}

function confusionOf(judged: readonly Judged[], classes: number): number[] {
  const confusion = new Array<number>(classes * classes).fill(0);
  for (const { truth, predicted } of judged) confusion[truth[0]! * classes + predicted[0]!]! += 1;
  return confusion;
}

/** Whether the classes given are all the item has, and no others. */
export function isRight({ truth, predicted }: Judged): boolean {
  return truth.length === predicted.length && truth.every((at) => predicted.includes(at));
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
