// The selection of a round: which items to ask about next, by strategy, as seed set, or at random.

import type { StopSignal } from "../errors";
import type { QuestionSource, Stage } from "../event";
import type { Kernels, ResidentMatrix, Scores } from "../kernels/kernels";
import { resolveParameters } from "../parameter";
import type { Random } from "../random";
import { likeliest } from "./likeliest";
import type { Proxies } from "./proxies";
import { randomSlots } from "./random-slice";
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
 * drawn uniformly from all candidates before the strategy sees any.
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
  const slots = openSlots(input, count);

  const drawn = tools.random
    .fork("slice")
    .sample(candidates.length, slots.filter(Boolean).length)
    .map((at) => candidates[at]!);
  const taken = new Set(drawn);
  const pool = poolOf(
    input,
    basis,
    candidates.filter((row) => !taken.has(row)),
  );
  // The settings' parameters belong to the settings' strategy, also where the seed set's shares a name.
  const given = chooser.id === strategy.id ? settings.strategyParameters : {};
  const parameters = resolveParameters(chooser.parameters, given);
  const wanted = count - drawn.length;
  const strategyTools = { ...tools, random: tools.random.fork("strategy"), parameters };
  const select = wrapSelection(
    (from, number) => chooser.select(from, number, strategyTools),
    resolveParameters(wrapperParameters, settings.wrapperParameters ?? {}),
    strategyTools,
  );
  const picks = wanted > 0 ? await select(pool, wanted) : [];

  const source: QuestionSource = seeding ? "seed" : "strategy";
  const stage: Stage = seeding ? "cold-start" : "strategy";
  const questions = slots.map((isRandom) =>
    isRandom
      ? describe(
          { row: drawn.shift()!, score: 0, reason: randomReason, stage: "random-slice" },
          "random",
          scores,
          classIds.length,
        )
      : describe({ stage, ...picks.shift()! }, source, scores, classIds.length),
  );
  return { questions, strategyId: chooser.id };
}

function poolOf(
  { train, classIds, unsure }: RoundInput,
  basis: SelectionBasis,
  candidates: Uint32Array,
): Pool {
  const labelled = [...train].sort((left, right) => left.row - right.row);
  return {
    embeddings: basis.matrix,
    values: basis.values,
    candidates,
    labelled: Uint32Array.from(labelled, ({ row }) => row),
    labels: Int32Array.from(labelled, ({ classes }) => classes[0] ?? -1),
    unsure: unsure ?? new Uint32Array(0),
    scores: basis.scores,
    classes: basis.scores ? classIds.length : 0,
    members: basis.members,
    layer: basis.layer,
  };
}

/** Which of the questions are drawn at random: none once the hold-out has its size. */
function openSlots({ settings, train, holdOut, asked }: RoundInput, count: number): boolean[] {
  let room = Math.max(0, settings.holdOutTarget - holdOut.length);
  const answered = asked ?? train.length + holdOut.length;
  return randomSlots(settings.seed, settings.randomShare, answered, count).map(
    (isRandom) => isRandom && room-- > 0,
  );
}

function describe(pick: Pick, source: QuestionSource, scores: Scores | null, classes: number): Question {
  if (!scores) return { ...pick, source, guess: null, confidence: null, probabilities: [] };
  const from = pick.row * classes;
  const probabilities = Array.from(scores.probabilities.subarray(from, from + classes));
  const guess = likeliest(probabilities);
  return { ...pick, source, guess, confidence: probabilities[guess]!, probabilities };
}
