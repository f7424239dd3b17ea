// The selection of a round: which items to ask about next, by strategy, as seed set, or at random.

import type { StopSignal } from "../errors";
import type { QuestionSource } from "../event";
import type { Kernels, ResidentMatrix, Scores } from "../kernels/kernels";
import { resolveParameters } from "../parameter";
import type { Random } from "../random";
import { randomSlots } from "./random-slice";
import { strategyById } from "../registry";
import type { Question, RoundInput } from "../round";
import type { Pick } from "./strategy";

export interface SelectionTools {
  readonly kernels: Kernels;
  readonly random: Random;
  readonly stop: StopSignal | null;
}

const seedStrategyId = "max-herding";
const randomReason = "Drawn at random, to check the model honestly. This answer is never trained on.";

/**
 * @param scores of all rows; null before there is a head.
 * @returns batchSize questions, or as many as there are candidates, all different. Rows of the random slice are
 * drawn uniformly from all candidates before the strategy sees any.
 */
export async function selectQuestions(
  input: RoundInput,
  embeddings: ResidentMatrix,
  scores: Scores | null,
  tools: SelectionTools,
): Promise<{ questions: Question[]; strategyId: string }> {
  const { settings, candidates, train, classIds } = input;
  const strategy = strategyById(settings.strategyId);
  const seeding = !scores || train.length < settings.seedSize;
  const chooser = seeding ? strategyById(seedStrategyId) : strategy;
  const count = Math.min(settings.batchSize, candidates.length);
  const slots = openSlots(input, count);

  const drawn = tools.random
    .fork("slice")
    .sample(candidates.length, slots.filter(Boolean).length)
    .map((at) => candidates[at]!);
  const taken = new Set(drawn);
  const pool = {
    embeddings,
    candidates: candidates.filter((row) => !taken.has(row)),
    labelled: Uint32Array.from(train, ({ row }) => row).sort(),
    scores,
    classes: scores ? classIds.length : 0,
  };
  // The settings' parameters belong to the settings' strategy, also where the seed set's shares a name.
  const given = chooser === strategy ? settings.strategyParameters : {};
  const parameters = resolveParameters(chooser.parameters, given);
  const wanted = count - drawn.length;
  const strategyTools = { ...tools, random: tools.random.fork("strategy"), parameters };
  const picks = wanted > 0 ? await chooser.select(pool, wanted, strategyTools) : [];

  const source: QuestionSource = seeding ? "seed" : "strategy";
  const questions = slots.map((isRandom) =>
    isRandom
      ? describe({ row: drawn.shift()!, score: 0, reason: randomReason }, "random", scores, classIds.length)
      : describe(picks.shift()!, source, scores, classIds.length),
  );
  return { questions, strategyId: chooser.id };
}

/** Which of the questions are drawn at random: none once the hold-out has its size. */
function openSlots({ settings, train, holdOut }: RoundInput, count: number): boolean[] {
  let room = Math.max(0, settings.holdOutTarget - holdOut.length);
  const answered = train.length + holdOut.length;
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

/** Ties go to the first class. */
export function likeliest(probabilities: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < probabilities.length; at++) if (probabilities[at]! > probabilities[best]!) best = at;
  return best;
}
