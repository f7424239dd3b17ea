// One turn of the loop: fit, score, evaluate, select. Pure but for the clock and the arithmetic it is given.

import { throwIfStopped, type StopSignal } from "./errors";
import { fitSteps, type FittedHead, type Head, type TrainingSet } from "./learning/head";
import type { NeighbourGraph } from "./graph/graph";
import type { Kernels, ResidentMatrix, Scores } from "./kernels/kernels";
import { addTerms, enoughForTerms } from "./learning/add-terms";
import { readsTerms, type Model } from "./learning/model";
import type { TermRows } from "./learning/terms";
import { freshSince, updateHead, type FitBase } from "./learning/update-head";
import { evaluate, type Judged } from "./evaluation/metrics";
import { resolveParameters } from "./parameter";
import { predictiveScores } from "./learning/posterior";
import type { Random } from "./random";
import { headFor, strategyFor } from "./registry";
import type { LabelledRow, Round, RoundInput } from "./round";
import type { GuessMemory } from "./monitoring/guess-memory";
import { poolOpinion } from "./monitoring/pool-opinion";
import { besideLabelled } from "./selection/labelled-neighbours";
import type { AnswerMode, ProjectSettings } from "./project";
import { likeliest } from "./selection/likeliest";
import { noProxies, proxiesFor } from "./selection/proxies";
import { selectQuestions, type SelectionBasis } from "./selection/select-questions";
import { finish, finishWithPauses, type Steps } from "./steps";

export interface RoundEmbeddings {
  readonly matrix: ResidentMatrix;
  /** The same numbers here, rows × dims, to gather training rows from. */
  readonly values: Float32Array;
  /**
   * The neighbour graph of these embeddings, asked for only where the head needs it. The caller makes it once
   * and keeps it; where it is null, or not ready, the head does without.
   */
  readonly graph?: (() => Promise<NeighbourGraph | null>) | null;
  /** The terms of the same rows, where the items are texts whose encoder counts them; asked for with many labels. */
  readonly terms?: (() => Promise<TermRows | null>) | null;
}

export interface RoundTools {
  readonly kernels: Kernels;
  /** Seeded by the project; the round forks its own from it by number. */
  readonly random: Random;
  /** Milliseconds, for the cost only. */
  readonly now: () => number;
  /** Polled between steps and within the long ones. */
  readonly stop: StopSignal | null;
  /** What earlier rounds guessed, to compare with; kept by the caller. */
  readonly memory?: GuessMemory;
  /** Lets messages in between the steps, a stop above all. */
  readonly pause?: () => Promise<void>;
  /** A head to bring up to the labels instead of fitting one, where that can be done. */
  readonly base?: FitBase | null;
}

/** A round with what it rests on, for whoever goes on from it. */
export interface Turn {
  readonly round: Round;
  /** How the head came about: fitted to all labels, or brought up to them from `base`. */
  readonly fit: "full" | "update";
  /** null where there are too few labels for a head. */
  readonly head: FittedHead | null;
  /** What the selection was made from, and by which chance. */
  readonly basis: SelectionBasis;
  readonly random: Random;
}

/**
 * Fits the settings' head if there are labels of at least two outcomes, and asks without one otherwise. Same
 * input, same round, but for the cost.
 * @param warm the previous round's model, to start from; the result does not depend on it beyond the tolerance
 * of the fit.
 * @throws Stopped when told to stop; Error for a strategy or head that does not exist.
 */
export async function runRound(
  input: RoundInput,
  embeddings: RoundEmbeddings,
  warm: Model | null,
  tools: RoundTools,
): Promise<Round> {
  return (await runTurn(input, embeddings, warm, tools)).round;
}

/** As `runRound`, with what the round rests on. */
export async function runTurn(
  input: RoundInput,
  embeddings: RoundEmbeddings,
  warm: Model | null,
  tools: RoundTools,
): Promise<Turn> {
  const { answerMode, classIds, candidates, settings, holdOut } = input;
  const random = tools.random.fork(turnName(input));
  const head = headFor(settings.headId, answerMode);
  // A yardstick that was trained on measures nothing, so the hold-out wins over a row given twice.
  const held = new Set(holdOut.map(({ row }) => row));
  const train = input.train.filter(({ row }) => !held.has(row));

  const startedAt = tools.now();
  throwIfStopped(tools.stop);
  const training = {
    ...trainingSetOf(train, classIds.length, embeddings),
    products: tools.kernels.products,
  };
  const updated = updatedHead(train, training, input, tools.base ?? null);
  const fitted = updated ?? (await fitRows(train, input, embeddings, warm, tools, training));
  const fittedAt = tools.now();
  await tools.pause?.();
  throwIfStopped(tools.stop);
  const scores = fitted && (await scoreAll(fitted, embeddings, tools));
  const judged = scores && holdOut.length > 0 ? judge(scores, input) : null;
  const evaluation = judged && evaluate(judged, classIds, answerMode, random.fork("bootstrap"));
  const scoredAt = tools.now();
  await tools.pause?.();
  throwIfStopped(tools.stop);
  const selectionTools = { kernels: tools.kernels, random, stop: tools.stop };
  const headTools = {
    pool: { values: embeddings.values, rows: embeddings.matrix.rows, graph: null },
    answerMode,
    random: tools.random.fork("head"),
    stop: tools.stop,
  };
  const { matrix, values } = embeddings;
  const proxies = fitted
    ? proxiesFor(strategyFor(settings.strategyId, answerMode).needs, fitted, training, headTools)
    : noProxies;
  const basis = { matrix, values, scores, ...proxies };
  const chosen = await selectQuestions({ ...input, train }, basis, selectionTools);
  const questions = await besideLabelled(chosen.questions, train, matrix, tools.kernels);
  const selectedAt = tools.now();

  const round: Round = {
    number: input.number,
    classIds,
    trainCount: train.length,
    holdOutCount: holdOut.length,
    strategyId: chosen.strategyId,
    headId: head.id,
    seed: settings.seed,
    model: fitted?.model ?? null,
    fallback: fitted?.fallback ?? null,
    terms: fitted?.terms ?? null,
    evaluation,
    questions,
    poolUncertainty: scores && meanAt(scores.entropy, candidates),
    agreement:
      (scores &&
        tools.memory?.compare(
          { trainCount: train.length, classIds, probabilities: scores.probabilities, mode: answerMode },
          tools.random,
        )) ??
      null,
    opinion: scores && poolOpinion(scores.probabilities, classIds.length, candidates, answerMode),
    tier: tools.kernels.tier,
    cost: {
      fitMs: fittedAt - startedAt,
      scoreMs: scoredAt - fittedAt,
      selectMs: selectedAt - scoredAt,
    },
  };
  return { round, fit: updated ? "update" : "full", head: fitted, basis, random };
}

/**
 * What a turn draws its chance from. Looks between two rounds share a number, and drawn alike from a pool that
 * shrinks by one answer they would draw neighbours again and again.
 */
function turnName({ number, between, train, holdOut }: RoundInput): string {
  return between ? `round ${number} after ${train.length + holdOut.length}` : `round ${number}`;
}

function updatedHead(
  train: readonly LabelledRow[],
  training: TrainingSet,
  { classIds }: RoundInput,
  base: FitBase | null,
): FittedHead | null {
  const isFresh = base && freshSince(base, train, classIds.join());
  return isFresh && updateHead(base.fitted, training, isFresh);
}

/**
 * The head of the settings on these rows; null where they are all of one outcome.
 * @param training the same rows gathered, where the caller has them. @throws Stopped
 */
export async function fitRows(
  rows: readonly LabelledRow[],
  { classIds, settings, answerMode }: RoundInput,
  embeddings: RoundEmbeddings,
  warm: Model | null,
  tools: RoundTools,
  training: TrainingSet = trainingSetOf(rows, classIds.length, embeddings),
): Promise<FittedHead | null> {
  if (outcomesOf(rows) < 2) return null;
  const head = headFor(settings.headId, answerMode);
  return fitHead(head, { ...training, products: tools.kernels.products }, warm, embeddings, {
    ...tools,
    answerMode,
    // Parameters belong to the head of the settings, and not to one that stands in for it.
    parameters: head.id === settings.headId ? settings.headParameters : {},
  });
}

async function fitHead(
  head: Head,
  training: TrainingSet,
  warm: Model | null,
  { matrix, values, graph, terms }: RoundEmbeddings,
  {
    random,
    stop,
    pause,
    answerMode,
    parameters,
  }: RoundTools & {
    readonly answerMode: AnswerMode;
    readonly parameters: ProjectSettings["headParameters"];
  },
): Promise<FittedHead> {
  const wanted = head.needs.includes("graph");
  const pool = { values, rows: matrix.rows, graph: (wanted && (await graph?.())) || null };
  const tools = { pool, answerMode, random: random.fork("head"), stop };
  const resolved = resolveParameters(head.parameters, parameters);
  const whole = <Result>(steps: Steps<Result>) => (pause ? finishWithPauses(steps, pause) : finish(steps));
  const fitted = await whole(fitSteps(head, training, resolved, warm, tools));
  const known = training.rows >= enoughForTerms ? await terms?.() : null;
  return known ? whole(addTerms(head, fitted, training, resolved, known, tools)) : fitted;
}

/** The terms a model reads; null where it reads none. */
export async function termsOf(model: Model, { terms }: RoundEmbeddings): Promise<TermRows | null> {
  return readsTerms(model) ? ((await terms?.()) ?? null) : null;
}

async function scoreAll(fitted: FittedHead, embeddings: RoundEmbeddings, { kernels, stop }: RoundTools) {
  const terms = await termsOf(fitted.model, embeddings);
  return predictiveScores(fitted, embeddings.matrix, kernels, stop, terms);
}

function outcomesOf(train: readonly LabelledRow[]): number {
  return new Set(train.map(({ classes }) => [...classes].sort((a, b) => a - b).join())).size;
}

/** What a head is fitted on, gathered from the embeddings. */
export function trainingSetOf(
  train: readonly LabelledRow[],
  classes: number,
  { matrix: { dims }, values }: RoundEmbeddings,
): TrainingSet {
  const features = new Float32Array(train.length * dims);
  const targets = new Uint8Array(train.length * classes);
  train.forEach(({ row, classes: ofRow }, at) => {
    features.set(values.subarray(row * dims, (row + 1) * dims), at * dims);
    for (const one of ofRow) targets[at * classes + one] = 1;
  });
  const places = Uint32Array.from(train, ({ row }) => row);
  return { features, rows: train.length, dims, targets, classes, places };
}

function judge({ probabilities }: Scores, { holdOut, classIds, answerMode }: RoundInput): Judged[] {
  const classes = classIds.length;
  return holdOut.map(({ row, classes: truth }) => {
    const ofRow = probabilities.subarray(row * classes, (row + 1) * classes);
    const predicted =
      answerMode === "single" ? [likeliest(ofRow)] : [...ofRow.keys()].filter((at) => ofRow[at]! >= 0.5);
    return { truth, predicted };
  });
}

function meanAt(values: Float32Array, rows: Uint32Array): number | null {
  if (rows.length === 0) return null;
  let sum = 0;
  for (const row of rows) sum += values[row]!;
  return sum / rows.length;
}
