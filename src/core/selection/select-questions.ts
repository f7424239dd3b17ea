// The selection of a round: which items to ask about next, by strategy, as seed set, or at random.

import type { StopSignal } from "../errors";
import type { QuestionSource, Stage } from "../event";
import type { Row } from "../ids";
import type { Kernels, ResidentMatrix, Scores } from "../kernels/kernels";
import { resolveParameters } from "../parameter";
import type { Random } from "../random";
import { likeliest } from "./likeliest";
import type { Proxies } from "./proxies";
import { arrivalsToAsk } from "./arrivals";
import { randomSlots } from "./random-slice";
import { labelsToReview } from "./review";
import { strategyById, strategyFor } from "../registry";
import type { Question, RoundInput } from "../round";
import type { Pick, Pool, Strategy } from "./strategy";
import { wrapSelection, wrapperParameters } from "./wrappers";

export interface SelectionTools {
  readonly kernels: Kernels;
  readonly random: Random;
  readonly stop: StopSignal | null;
  /** Stands in for the strategy of the settings, under its parameters, once that is what chooses. */
  readonly deeper?: Strategy | undefined;
}

/** What the selection knows of the items and the model. */
export interface SelectionBasis extends Proxies {
  readonly matrix: ResidentMatrix;
  readonly values: Float32Array;
  /** Of all rows; null before there is a head. */
  readonly scores: Scores | null;
}

const seedStrategyId = "max-herding";
const randomReason = "Drawn at random, to check the model honestly. This answer is never trained on.";

/**
 * @returns batchSize questions, or as many as there are candidates, all different. Rows of the random slice are
 * drawn uniformly from all candidates before the strategy sees any; reviews are of labelled rows.
 */
export async function selectQuestions(
  input: RoundInput,
  basis: SelectionBasis,
  tools: SelectionTools,
): Promise<{ questions: Question[]; strategyId: string }> {
  const { settings, candidates, classIds } = input;
  const { scores } = basis;
  const strategy = strategyFor(settings.strategyId, input.answerMode);
  const seeding = !scores || input.train.length < settings.seedSize;
  const chooser = seeding ? strategyById(seedStrategyId) : (tools.deeper ?? strategy);
  const count = Math.min(settings.batchSize, candidates.length);
  const toReview = seeding ? [] : await reviewsFor(input, basis, count, tools);
  const slots = dealSlots(input, count, toReview.length);

  const drawn = tools.random
    .fork("slice")
    .sample(candidates.length, slots.filter((kind) => kind === "random").length)
    .map((at) => candidates[at]!);
  const rest = without(candidates, drawn, basis.matrix.rows);
  const wanted = slots.filter((kind) => kind === "strategy").length;
  const arrived = seeding ? [] : arrivalsFor(input, rest, scores, basis.matrix.rows, wanted);
  const first = arrived.map(({ row }) => row);
  const pool = poolOf(input, basis, without(rest, first, basis.matrix.rows));
  // The settings' parameters belong to the settings' strategy, also where the seed set's shares a name.
  const given = chooser.id === strategy.id ? settings.strategyParameters : {};
  const parameters = resolveParameters(chooser.parameters, given);
  const strategyTools = { ...tools, random: tools.random.fork("strategy"), parameters };
  const select = wrapSelection(
    (from, number) => chooser.select(from, number, strategyTools),
    resolveParameters(wrapperParameters, settings.wrapperParameters ?? {}),
    strategyTools,
  );
  const left = wanted - arrived.length;
  const picks = [...arrived, ...(left > 0 ? await select(pool, left) : [])];

  const source: QuestionSource = seeding ? "seed" : "strategy";
  const stage: Stage = seeding ? "cold-start" : "strategy";
  const questions = slots.map((kind) => {
    const told = (pick: Pick, asked: QuestionSource) => describe(pick, asked, scores, classIds.length);
    if (kind === "random")
      return told({ row: drawn.shift()!, score: 0, reason: randomReason, stage: "random-slice" }, kind);
    if (kind === "review") return told(toReview.shift()!, kind);
    return told({ stage, ...picks.shift()! }, source);
  });
  return { questions, strategyId: chooser.id };
}

/** At most half of a batch, so that the work goes on. */
const mostReviewed = 0.5;

function reviewsFor(
  input: RoundInput,
  basis: SelectionBasis,
  count: number,
  tools: SelectionTools,
): Promise<Pick[]> {
  const share = Math.min(mostReviewed, input.settings.reviewShare ?? 0);
  return labelsToReview(input, basis.scores!, basis.matrix, share > 0 ? Math.ceil(share * count) : 0, tools);
}

/** At most half of what the strategy would choose, so that the pool is asked about too. */
function arrivalsFor(
  { settings, arrivedFrom, answerMode }: RoundInput,
  candidates: Uint32Array,
  scores: Scores | null,
  rows: number,
  wanted: number,
): Pick[] {
  const budget = settings.arrivalBudget ?? 0;
  if (!scores || budget === 0 || arrivedFrom == null) return [];
  const asked = arrivalsToAsk({ from: arrivedFrom, budget }, candidates, scores, answerMode, rows);
  return asked.slice(0, Math.ceil(wanted / 2));
}

function poolOf(
  { answerMode, train, classIds, passed }: RoundInput,
  basis: SelectionBasis,
  candidates: Uint32Array,
): Pool {
  const labelled = [...train].sort((left, right) => left.row - right.row);
  const sets = labelled.map(({ classes }) => [...classes].sort((a, b) => a - b).join());
  const numbers = new Map([...new Set(sets)].map((set, number) => [set, number]));
  return {
    answerMode,
    embeddings: basis.matrix,
    values: basis.values,
    candidates,
    labelled: Uint32Array.from(labelled, ({ row }) => row),
    labels: Int32Array.from(labelled, ({ classes }) => classes[0] ?? -1),
    outcomes: Int32Array.from(sets, (set) => numbers.get(set)!),
    passed: passed ?? new Uint32Array(0),
    scores: basis.scores,
    classes: basis.scores ? classIds.length : 0,
    members: basis.members,
    layer: basis.layer,
  };
}

/** The candidates but for a few, in their order. By marks: a set asked of each of 50,000 takes 5 ms. */
function without(candidates: Uint32Array, few: readonly Row[], rows: number): Uint32Array {
  if (few.length === 0) return candidates;
  const isGone = new Uint8Array(rows);
  for (const row of few) isGone[row] = 1;
  const left = new Uint32Array(candidates.length);
  let count = 0;
  for (let at = 0; at < candidates.length; at++) {
    const row = candidates[at]!;
    left[count] = row;
    count += 1 - isGone[row]!;
  }
  return left.slice(0, count);
}

type Work = "random" | "review" | "strategy";

/**
 * What kind of work each of the questions is: drawn at random, not any more once the hold-out has its size; a label
 * sent back, as far as there are any; or chosen by the strategy. Kinds are dealt over the whole project.
 */
function dealSlots({ settings, train, holdOut, asked }: RoundInput, count: number, reviews: number): Work[] {
  const { seed, randomShare, reviewShare = 0, holdOutTarget } = settings;
  let room = Math.max(0, holdOutTarget - holdOut.length);
  let open = reviews;
  const from = asked ?? train.length + holdOut.length;
  const atRandom = randomSlots(seed, randomShare, from, count);
  // Another seed, else labels would be sent back in the very places of the random slice.
  const inReview = randomSlots(seed + 1, reviewShare, from, count);
  return atRandom.map((isRandom, at) => {
    if (isRandom && room-- > 0) return "random";
    return inReview[at] && open-- > 0 ? "review" : "strategy";
  });
}

function describe(pick: Pick, source: QuestionSource, scores: Scores | null, classes: number): Question {
  if (!scores) return { ...pick, source, guess: null, confidence: null, probabilities: [] };
  const from = pick.row * classes;
  const probabilities = Array.from(scores.probabilities.subarray(from, from + classes));
  const guess = likeliest(probabilities);
  return { ...pick, source, guess, confidence: probabilities[guess]!, probabilities };
}
