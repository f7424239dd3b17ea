// Strategies that rank each row by one uncertainty of the head, each on its own. A file in ./strategies names
// the uncertainty; the choosing is here.

import { throwIfStopped, TooFewLabels } from "../errors";
import type { Scores } from "./kernels";
import type { Pool, Strategy } from "../selection/strategy";
import { topRows } from "./top";

interface ScoreStrategy extends Pick<Strategy, "id" | "label" | "summary"> {
  readonly paper: string;
  /** One score for each row, 0 (sure) to 1. */
  readonly score: (scores: Scores) => Float32Array;
  /** Why an item is asked about when the model is truly in doubt there. */
  readonly reason: string;
}

// Below this the best guess is clearly ahead, and saying that the model hesitates would be untrue.
const doubtful = 0.5;
const fairlySure = "The model is fairly sure here, but even surer about the rest.";

export function byScore({ score, reason, ...about }: ScoreStrategy): Strategy {
  return {
    ...about,
    needs: ["probabilities"],
    parameters: [],
    async select(pool, count, { stop }) {
      throwIfStopped(stop);
      const scores = score(scoresOf(pool));
      return Array.from(topRows(pool.candidates, scores, count), (row) => ({
        row,
        score: scores[row]!,
        reason: reasonFor(scores[row]!, reason),
      }));
    },
  };
}

/** @throws TooFewLabels before there is a head. */
export function scoresOf(pool: Pool): Scores {
  if (!pool.scores) throw new TooFewLabels();
  return pool.scores;
}

/** @param score 0 (sure) to 1. */
export function reasonFor(score: number, whenDoubtful: string): string {
  return score >= doubtful ? whenDoubtful : fairlySure;
}
