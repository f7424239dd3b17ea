// A close look at one model, made when somebody wants it: every measure on the hold-out, and the estimates that do
// without one. Costs some fits and one pass over the pool, so it runs beside the rounds and not in them.

import { throwIfStopped } from "../errors";
import { gatherRows, stratifiedFolds } from "../learning/folds";
import { modelLogits, scoreModel, shapeOf, type Model } from "../learning/model";
import { gatherTerms } from "../learning/terms";
import type { AnswerMode } from "../project";
import { fitRows, termsOf, trainingSetOf, type RoundEmbeddings, type RoundTools } from "../run-round";
import type { LabelledRow, RoundInput } from "../round";
import type { BaselineFit, BaselineResult } from "./random-baseline";
import { measureInFull, type FullEvaluation } from "./measures";
import {
  lure,
  outOfFold,
  predictionPowered,
  thresholdedConfidence,
  type AssumedEstimate,
} from "./without-hold-out";

/** One answered question in the order asked. */
export interface AskedRow {
  readonly row: number;
  /** `slice`: of the random slice. `at random`: all questions were, while there was no queue. */
  readonly drawn: "slice" | "at random" | "chosen";
}

export interface Assessment {
  /** null without a hold-out. */
  readonly full: FullEvaluation | null;
  /** Those that can be made of what there is. */
  readonly estimates: readonly AssumedEstimate[];
}

const folds = 5;

/**
 * @param input of the round that made the model, or one with the same classes.
 * @param asked oldest first; rows that are in neither slice are passed over.
 * @throws Stopped when told to stop.
 */
export async function assess(
  model: Model,
  input: RoundInput,
  asked: readonly AskedRow[],
  embeddings: RoundEmbeddings,
  tools: RoundTools,
): Promise<Assessment> {
  const { holdOut, classIds, answerMode } = input;
  const random = tools.random.fork("assess");
  const probabilities = await opinionOn(model, holdOut, embeddings);
  const decided = decisionsOf(probabilities, holdOut.length, classIds.length, answerMode);
  const truth = holdOut.map(({ classes }) => classes);
  const full =
    holdOut.length === 0
      ? null
      : measureInFull({ probabilities, classIds, truth, decided }, answerMode, random.fork("measures"));
  const right = rightOf(truth, decided);
  const { wrongOf, unseenRight } = await crossValidate(input, embeddings, tools);
  holdOut.forEach(({ row }, at) => wrongOf.set(row, 1 - right[at]!));
  throwIfStopped(tools.stop);
  const confidence = confidencesOf(probabilities, holdOut.length, classIds.length, answerMode);
  const terms = await termsOf(model, embeddings);
  const pool = await scoreModel(model, embeddings.matrix, tools.kernels, tools.stop, terms);
  const poolConfidence = confidencesOf(
    pool.probabilities,
    embeddings.matrix.rows,
    classIds.length,
    answerMode,
  );
  // The model is surer of what it was fitted to than of what it is judged for.
  const trained = new Set(input.train.map(({ row }) => row));
  const unseenConfidence = poolConfidence.filter((_, row) => !trained.has(row));
  const losses = lossesOf(asked, wrongOf, input);
  const estimates = [
    predictionPowered(right, confidence, unseenConfidence),
    outOfFold(unseenRight),
    lure(losses, input.candidates.length + losses.length),
    thresholdedConfidence(right, confidence, unseenConfidence, random.fork("atc")),
  ];
  return { full, estimates: estimates.filter((one) => one !== null) };
}

/**
 * With the share s of questions drawn at random, one of `left` items had the chance s / left by the slice, and the
 * one chosen 1 − s beside it. Without a random share no item but the chosen one had any, and nothing can be said.
 */
function lossesOf(asked: readonly AskedRow[], wrongOf: ReadonlyMap<number, number>, input: RoundInput) {
  const share = input.settings.randomShare;
  const known = share > 0 ? asked.filter(({ row }) => wrongOf.has(row)) : [];
  return known.map(({ row, drawn }, at) => {
    const left = input.candidates.length + known.length - at;
    const chance = drawn === "at random" ? 1 / left : share / left + (drawn === "chosen" ? 1 - share : 0);
    return { loss: wrongOf.get(row)!, chance };
  });
}

/** One fit of the random baseline: the head of the settings on part of the random slice, asked about the rest. */
export async function fitBaseline(
  { train, test }: BaselineFit,
  input: RoundInput,
  embeddings: RoundEmbeddings,
  tools: RoundTools,
): Promise<BaselineResult> {
  const rowsAt = (places: readonly number[]) => places.map((at) => input.holdOut[at]!);
  const tested = rowsAt(test);
  const fitted = await fitRows(rowsAt(train), input, embeddings, null, tools);
  // With one class only, that class is the guess.
  const [only] = rowsAt(train);
  const decided = fitted
    ? await decide(fitted.model, tested, input, embeddings)
    : tested.map(() => only?.classes ?? []);
  return {
    train,
    test,
    right: rightOf(
      tested.map(({ classes }) => classes),
      decided,
    ),
  };
}

/** Whether a model that has not learnt from a row is wrong on it, for every trained row; nothing with too few rows. */
async function crossValidate(input: RoundInput, embeddings: RoundEmbeddings, tools: RoundTools) {
  const { train, classIds } = input;
  const wrongOf = new Map<number, number>();
  const unseenRight: number[] = [];
  const training = trainingSetOf(train, classIds.length, embeddings);
  for (const fold of stratifiedFolds(training, folds, tools.random.fork("assess folds"))) {
    throwIfStopped(tools.stop);
    const rest = Array.from(fold.train, (at) => train[at]!);
    const left = Array.from(fold.test, (at) => train[at]!);
    const fitted = await fitRows(rest, input, embeddings, null, tools);
    if (!fitted) continue;
    const decided = await decide(fitted.model, left, input, embeddings);
    rightOf(
      left.map(({ classes }) => classes),
      decided,
    ).forEach((right, at) => {
      wrongOf.set(left[at]!.row, 1 - right);
      unseenRight.push(right);
    });
  }
  return { wrongOf, unseenRight };
}

async function decide(
  model: Model,
  rows: readonly LabelledRow[],
  { classIds, answerMode }: RoundInput,
  embeddings: RoundEmbeddings,
) {
  const probabilities = await opinionOn(model, rows, embeddings);
  return decisionsOf(probabilities, rows.length, classIds.length, answerMode);
}

/** rows × classes of probabilities. */
async function opinionOn(
  model: Model,
  rows: readonly LabelledRow[],
  embeddings: RoundEmbeddings,
): Promise<Float64Array> {
  const { dims, classes } = shapeOf(model);
  const places = Uint32Array.from(rows, ({ row }) => row);
  const terms = await termsOf(model, embeddings);
  const found = modelLogits(
    model,
    gatherRows(embeddings.values, dims, places),
    rows.length,
    terms && gatherTerms(terms, places),
  );
  if (model.activation === "sigmoid") return found.map((logit) => 1 / (1 + Math.exp(-logit)));
  for (let from = 0; from < found.length; from += classes) {
    const ofRow = found.subarray(from, from + classes);
    const highest = Math.max(...ofRow);
    let total = 0;
    for (let at = 0; at < classes; at++) total += ofRow[at] = Math.exp(ofRow[at]! - highest);
    for (let at = 0; at < classes; at++) ofRow[at]! /= total;
  }
  return found;
}

function decisionsOf(
  probabilities: ArrayLike<number>,
  rows: number,
  classes: number,
  mode: AnswerMode,
): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const ofRow = Array.from({ length: classes }, (_, one) => probabilities[row * classes + one]!);
    if (mode === "single") return [ofRow.indexOf(Math.max(...ofRow))];
    return ofRow.flatMap((probability, one) => (probability >= 0.5 ? [one] : []));
  });
}

/** Of the whole answer: in multiple mode the chance that every decision is right, were they independent. */
function confidencesOf(probabilities: ArrayLike<number>, rows: number, classes: number, mode: AnswerMode) {
  return Float64Array.from({ length: rows }, (_, row) => {
    let [most, all] = [0, 1];
    for (let one = 0; one < classes; one++) {
      const probability = probabilities[row * classes + one]!;
      most = Math.max(most, probability);
      all *= Math.max(probability, 1 - probability);
    }
    return mode === "single" ? most : all;
  });
}

function rightOf(truth: readonly (readonly number[])[], decided: readonly (readonly number[])[]): number[] {
  return truth.map((ofItem, at) => {
    const said = decided[at]!;
    return said.length === ofItem.length && said.every((one) => ofItem.includes(one)) ? 1 : 0;
  });
}
