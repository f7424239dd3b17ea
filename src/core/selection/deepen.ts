// Chooses the questions of a turn once more, with more thought, while the machine has nothing else to do.

import type { StopSignal } from "../errors";
import type { FittedHead } from "../learning/head";
import { linearLayerOf } from "../learning/model";
import { resolveParameters } from "../parameter";
import type { Question, RoundInput } from "../round";
import { strategy as auto } from "../strategies/auto";
import { sift, siftedReason, strategy as refine } from "../strategies/refine";
import { besideLabelled } from "./labelled-neighbours";
import { selectQuestions, type SelectionBasis, type SelectionTools } from "./select-questions";
import type { Strategy } from "./strategy";

export interface DeepenTools extends Omit<SelectionTools, "deeper"> {
  readonly stop: StopSignal | null;
  /** Lets messages in between the steps, a stop above all. */
  readonly pause: () => Promise<void>;
}

/**
 * The selection of the automatic strategy among what several strategies leave of the pool (refine), judged on the
 * whole pool. The random slice stays what it was, being drawn from the same chance.
 * @param tools with the generator that the turn selected with.
 * @returns null where there is nothing to deepen: another strategy, several classes an item, no linear head, or a
 * seed set that is not complete. @throws Stopped when told to stop.
 */
export async function deepen(
  input: RoundInput,
  head: FittedHead | null,
  basis: SelectionBasis,
  tools: DeepenTools,
): Promise<Question[] | null> {
  const { settings, answerMode, train } = input;
  const layer = linearLayerOf(head?.model ?? null);
  const isAuto = settings.strategyId === auto.id && answerMode === "single";
  if (!isAuto || !layer || !basis.scores || train.length < settings.seedSize) return null;
  const deeper = siftedAuto(tools.pause);
  const { questions } = await selectQuestions(input, { ...basis, layer }, { ...tools, deeper });
  return besideLabelled(questions, train, basis.matrix, tools.kernels);
}

function siftedAuto(pause: () => Promise<void>): Strategy {
  const sifting = resolveParameters(refine.parameters, {});
  return {
    ...auto,
    async select(pool, count, tools) {
      const candidates = await sift(pool, count, { ...tools, parameters: sifting }, pause);
      const picks = await auto.select({ ...pool, candidates, targets: pool.candidates }, count, tools);
      return picks.map((pick) => ({ ...pick, stage: "refined", reason: siftedReason }));
    },
  };
}
