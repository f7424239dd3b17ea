// Replays a project whose answers are known: rounds as the app runs them, answered from the known labels. The
// caller measures each round's model as it likes; the command line and the app compare strategies with it.

import { throwIfStopped } from "../errors";
import type { ClassId, Row } from "../ids";
import type { ProjectSettings } from "../project";
import type { Random } from "../random";
import type { LabelledRow, Round } from "../round";
import { runRound, type RoundEmbeddings, type RoundTools } from "../run-round";

export interface ReplayInput {
  readonly embeddings: RoundEmbeddings;
  /** The class of each row as an index into classIds; −1 where nobody knows, and then it is never asked. */
  readonly truth: Int32Array;
  readonly classIds: readonly ClassId[];
  /** Everything but the size of the hold-out, which is none: every answer is trained on. */
  readonly settings: ProjectSettings;
  /** Answers in all; fewer where the pool has fewer. */
  readonly budget: number;
  /** Answers drawn at random before the strategy sees anything; 0 leaves the start to the settings. */
  readonly randomStart: number;
  /** Share of answers that are wrong: one of the other classes, each as likely. */
  readonly noise: number;
}

export interface ReplayStep {
  /** Answers that the round's model was fitted on. */
  readonly labels: number;
  readonly round: Round;
}

/**
 * One step for each round, from the start to the budget. The same input and the same state of `tools.random` give
 * the same steps, and the random start is the same for every strategy.
 * @throws RangeError when a label is no class; Stopped when told to stop.
 */
export async function* replay(input: ReplayInput, tools: RoundTools): AsyncGenerator<ReplayStep> {
  const { embeddings, truth, classIds, settings } = input;
  if (truth.some((one) => one >= classIds.length))
    throw new RangeError(`A label is outside the ${classIds.length} classes there are.`);
  const known = Uint32Array.from(truth.keys()).filter((row) => truth[row]! >= 0);
  const budget = Math.min(input.budget, known.length);
  const answer = createAnswers(input, tools.random.fork("noise"));
  const train = new Map<Row, LabelledRow>();
  const start = Math.min(input.randomStart, budget);
  for (const at of tools.random.fork("start").sample(known.length, start)) answer(known[at]!, train);

  let warm: Round["model"] = null;
  for (let number = 1; ; number++) {
    throwIfStopped(tools.stop);
    const left = budget - train.size;
    const round: Round = await runRound(
      {
        number,
        answerMode: "single",
        classIds,
        train: [...train.values()],
        holdOut: [],
        candidates: known.filter((row) => !train.has(row)),
        settings: {
          ...settings,
          // Batches end at whole numbers of themselves, so that curves of all strategies share their points.
          batchSize: Math.min(left, settings.batchSize - (train.size % settings.batchSize)),
          // Room for every question of the random slice: here it is trained on like any answer.
          holdOutTarget: budget + 1,
        },
      },
      embeddings,
      warm,
      tools,
    );
    warm = round.model ?? warm;
    if (train.size > 0) yield { labels: train.size, round };
    if (left === 0) return;
    for (const { row } of round.questions) answer(row, train);
  }
}

function createAnswers({ truth, classIds, noise }: ReplayInput, random: Random) {
  return (row: number, train: Map<Row, LabelledRow>): void => {
    // From the row, so that an item gets the same answer whenever it is asked.
    const ofRow = random.fork(`${row}`);
    let given = truth[row]!;
    if (classIds.length > 1 && ofRow.next() < noise) {
      const other = ofRow.integer(classIds.length - 1);
      given = other < given ? other : other + 1;
    }
    train.set(row as Row, { row, classes: [given] });
  };
}
