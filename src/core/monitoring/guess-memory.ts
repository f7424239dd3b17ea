// Remembers what an earlier model guessed of a fixed sample of the items, so that rounds some labels apart can be
// compared. Rounds that follow each other after every answer agree by themselves and would say nothing.

import type { ClassId } from "../ids";
import type { AnswerMode } from "../project";
import type { Random } from "../random";
import type { Agreement } from "../round";
import { compareGuesses } from "./agreement";

/** Items looked at: kappa is then known to about one point. */
const sampleSize = 2000;
/** Labels between two models that are compared; the batch of the published rules. */
const labelsApart = 10;

interface Remembered {
  readonly trainCount: number;
  readonly classes: string;
  readonly guesses: Uint16Array;
}

export interface Guessed {
  readonly trainCount: number;
  readonly classIds: readonly ClassId[];
  /** rows × classes of the whole pool. */
  readonly probabilities: Float32Array;
  readonly mode: AnswerMode;
}

export class GuessMemory {
  #earlier: Remembered | null = null;

  /**
   * Compares with the model remembered where that is 10 labels back or more, and remembers this one then. Other
   * classes, or fewer labels than before, begin anew. In multiple mode every yes-or-no decision is a guess.
   * @param random of the project, so that the sample is the same each time.
   * @returns null where nothing was compared.
   */
  compare({ trainCount, classIds, probabilities, mode }: Guessed, random: Random): Agreement | null {
    const earlier = this.#earlier;
    const classes = classIds.join();
    const continues = earlier !== null && earlier.classes === classes && trainCount >= earlier.trainCount;
    if (continues && trainCount < earlier.trainCount + labelsApart) return null;
    const guesses = guessesOf(probabilities, classIds.length, mode, random);
    this.#earlier = { trainCount, classes, guesses };
    if (!continues || earlier.guesses.length !== guesses.length) return null;
    const values = mode === "single" ? classIds.length : 2;
    return { labels: trainCount - earlier.trainCount, ...compareGuesses(earlier.guesses, guesses, values) };
  }
}

function guessesOf(
  probabilities: Float32Array,
  classes: number,
  mode: AnswerMode,
  random: Random,
): Uint16Array {
  const rows = probabilities.length / classes;
  const sample = random.fork("stop set").sample(rows, Math.min(rows, sampleSize));
  if (mode === "multiple")
    return Uint16Array.from(
      sample.flatMap((row) =>
        Array.from(probabilities.subarray(row * classes, (row + 1) * classes), (one) => (one >= 0.5 ? 1 : 0)),
      ),
    );
  return Uint16Array.from(sample, (row) => {
    let best = 0;
    for (let one = 1; one < classes; one++)
      if (probabilities[row * classes + one]! > probabilities[row * classes + best]!) best = one;
    return best;
  });
}
