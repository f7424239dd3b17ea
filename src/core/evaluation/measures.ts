// Everything the hold-out says of one head: each measure with a 95% interval and the name of its method, for
// items with one class and for items with several.

import type { ClassId } from "../ids";
import type { AnswerMode } from "../project";
import type { Random } from "../random";
import type { Estimate } from "../round";
import { meanAuc, rank, type Ranking } from "./auc";
import { calibrationError, logLosses } from "./calibration";
import { bootstrap, meanWithInterval, cautiousBootstrap, wilson } from "./interval";

/** What a head says of items whose truth is known. */
export interface Predicted {
  /** items × classes, row-major. */
  readonly probabilities: ArrayLike<number>;
  readonly classIds: readonly ClassId[];
  /** For each item, indices into `classIds`; exactly one in single mode. */
  readonly truth: readonly (readonly number[])[];
  /** The same of what the head decides. */
  readonly decided: readonly (readonly number[])[];
}

export interface Measure {
  readonly id: string;
  readonly label: string;
  /** A sentence: what it is the share, or the mean, of. */
  readonly summary: string;
  readonly method: "Wilson" | "bootstrap" | "cautious bootstrap" | "DeLong" | "Student";
  /** Not a share: shown as a number, and smaller is better. */
  readonly isLoss?: true;
  readonly estimate: Estimate;
}

export interface ClassMeasures {
  readonly classId: ClassId;
  /** Items of the hold-out that truly have this class. */
  readonly support: number;
  /** null where no item was called so. */
  readonly precision: Estimate | null;
  /** null where no item is of the class. */
  readonly recall: Estimate | null;
  readonly f1: Estimate | null;
  readonly auc: Estimate | null;
}

export interface FullEvaluation {
  readonly count: number;
  readonly measures: readonly Measure[];
  readonly perClass: readonly ClassMeasures[];
}

/**
 * @param random draws the bootstrap samples, 1,000 for each measure that needs them.
 * Costs O(1,000 · items · classes) at worst.
 */
export function measureInFull(predicted: Predicted, mode: AnswerMode, random: Random): FullEvaluation {
  const { truth, classIds } = predicted;
  const count = truth.length;
  const rankings = classIds.map((_, one) => rankClass(predicted, one));
  const counting = countingMeasures(predicted, mode, random);
  const losses = logLosses(predicted, mode);
  const auc = meanAuc(rankings, count);
  const decisions = calibrationError(predicted, mode);
  const measures: Measure[] = [...counting];
  if (auc)
    measures.push({
      id: "auc",
      label: "Ranking (AUC)",
      summary: "Chance that an item of a class gets more of it than one of another; mean over the classes.",
      method: "DeLong",
      estimate: auc,
    });
  measures.push(
    {
      id: "log-loss",
      label: "Log loss",
      summary: "Mean surprise at the true answer, in nats; 0 is certain and right.",
      method: "Student",
      isLoss: true,
      estimate: meanWithInterval(losses, 0, Infinity),
    },
    {
      id: "calibration-error",
      label: "Calibration error (ECE)",
      summary:
        "How far “80% sure” is from right 80% of the time; over up to 10 groups of equal size, 20 items or more in each.",
      method: "cautious bootstrap",
      isLoss: true,
      estimate: cautiousBootstrap(decisions(null), count, random.fork("calibration"), decisions),
    },
  );
  return {
    count,
    measures,
    perClass: classIds.map((classId, one) => classMeasures(predicted, one, classId, rankings[one]!)),
  };
}

function rankClass({ probabilities, classIds, truth }: Predicted, one: number): Ranking {
  const scores = truth.map((_, item) => probabilities[item * classIds.length + one]!);
  return rank(scores, (item) => truth[item]!.includes(one));
}

function countingMeasures(predicted: Predicted, mode: AnswerMode, random: Random): Measure[] {
  const { truth, decided, classIds } = predicted;
  const count = truth.length;
  const right = truth.filter((ofItem, item) => isSameSet(ofItem, decided[item]!)).length;
  const tally = tallyOver(predicted);
  const resampled = (id: string, of: (counts: Counts) => number) =>
    bootstrap(of(tally(null)), count, random.fork(id), (drawn) => of(tally(drawn)));
  const macro = (
    id: string,
    label: string,
    summary: string,
    of: (counts: Counts, one: number) => number | null,
  ) =>
    ({
      id,
      label,
      summary,
      method: "bootstrap",
      estimate: resampled(id, (counts) => meanOver(classIds.length, (one) => of(counts, one))),
    }) satisfies Measure;
  const measures: Measure[] = [
    {
      id: "accuracy",
      label: mode === "single" ? "Accuracy" : "All classes of the item right",
      summary: "Share of the items that are right.",
      method: "Wilson",
      estimate: wilson(right, count),
    },
    macro("macro-f1", "Macro F1", "Mean F1 over the classes: rare ones count as much.", f1Of),
    macro(
      "macro-precision",
      "Macro precision",
      "Of what is called a class, the share that is; mean over the classes.",
      precisionOf,
    ),
    // Balanced accuracy is the mean recall over the classes; where items have several it goes by its own name.
    mode === "single"
      ? macro(
          "balanced-accuracy",
          "Balanced accuracy",
          "Accuracy if every class were as frequent: the mean recall over the classes.",
          recallOf,
        )
      : macro(
          "macro-recall",
          "Macro recall",
          "Of what is a class, the share that is found; mean over the classes.",
          recallOf,
        ),
  ];
  if (mode === "multiple") measures.push(...multipleMeasures(predicted, resampled));
  return measures;
}

function multipleMeasures(
  { truth, decided, classIds }: Predicted,
  resampled: (id: string, of: (counts: Counts) => number) => Estimate,
): Measure[] {
  const decisionsRight = truth.map((ofItem, item) => {
    const wrong = classIds.filter((_, one) => ofItem.includes(one) !== decided[item]!.includes(one)).length;
    return 1 - wrong / classIds.length;
  });
  return [
    {
      id: "hamming",
      label: "Single decisions right",
      summary:
        "Share of the yes-or-no decisions, one for each class of each item, that are right (1 − Hamming loss).",
      method: "Student",
      estimate: meanWithInterval(decisionsRight, 0, 1),
    },
    {
      id: "micro-f1",
      label: "Micro F1",
      summary: "F1 over all classes together: frequent ones count more.",
      method: "bootstrap",
      estimate: resampled("micro-f1", ({ support, claimed, hits }) => {
        const cases = sum(support) + sum(claimed);
        return cases === 0 ? 1 : (2 * sum(hits)) / cases;
      }),
    },
  ];
}

function classMeasures(predicted: Predicted, one: number, classId: ClassId, ranking: Ranking): ClassMeasures {
  const count = predicted.truth.length;
  const tally = tallyOver(predicted);
  const all = tally(null);
  const [support, claimed, hits] = [all.support[one]!, all.claimed[one]!, all.hits[one]!];
  // F1 is no share, but F1 / (2 − F1) is: hits among the items claimed or true (Takahashi et al. 2022).
  const jaccard = wilson(hits, support + claimed - hits);
  const toF1 = (share: number) => (2 * share) / (1 + share);
  return {
    classId,
    support,
    precision: claimed === 0 ? null : wilson(hits, claimed),
    recall: support === 0 ? null : wilson(hits, support),
    f1:
      support + claimed === 0
        ? null
        : {
            value: toF1(jaccard.value),
            low: toF1(jaccard.low),
            high: toF1(jaccard.high),
            count: jaccard.count,
          },
    auc: meanAuc([ranking], count),
  };
}

interface Counts {
  readonly support: Uint32Array;
  readonly claimed: Uint32Array;
  readonly hits: Uint32Array;
}

/** Counts over drawn items, or over all for null; the arrays are used again at the next call. */
function tallyOver({ truth, decided, classIds }: Predicted): (drawn: Uint32Array | null) => Counts {
  const fresh = () => new Uint32Array(classIds.length);
  const counts = { support: fresh(), claimed: fresh(), hits: fresh() };
  const everything = Uint32Array.from(truth.keys());
  return (drawn) => {
    for (const one of [counts.support, counts.claimed, counts.hits]) one.fill(0);
    for (const item of drawn ?? everything) {
      for (const one of truth[item]!) counts.support[one]! += 1;
      for (const one of decided[item]!) {
        counts.claimed[one]! += 1;
        if (truth[item]!.includes(one)) counts.hits[one]! += 1;
      }
    }
    return counts;
  };
}

function precisionOf({ support, claimed, hits }: Counts, one: number): number | null {
  if (claimed[one] === 0) return support[one] === 0 ? null : 0;
  return hits[one]! / claimed[one]!;
}

function recallOf({ support, hits }: Counts, one: number): number | null {
  return support[one] === 0 ? null : hits[one]! / support[one]!;
}

function f1Of({ support, claimed, hits }: Counts, one: number): number | null {
  const cases = support[one]! + claimed[one]!;
  return cases === 0 ? null : (2 * hits[one]!) / cases;
}

/** Over the classes that have a value; 1 where none has, as there is nothing to find and nothing claimed. */
function meanOver(classes: number, of: (one: number) => number | null): number {
  let total = 0;
  let known = 0;
  for (let one = 0; one < classes; one++) {
    const value = of(one);
    if (value === null) continue;
    total += value;
    known++;
  }
  return known === 0 ? 1 : total / known;
}

function sum(values: Uint32Array): number {
  return values.reduce((total, one) => total + one, 0);
}

function isSameSet(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((at) => right.includes(at));
}
