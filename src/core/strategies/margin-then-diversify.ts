// Takes the most doubtful items and chooses among them a batch that stands for all of them, so that one
// batch does not ask the same thing ten times.

import { reasonFor, scoresOf } from "../kernels/by-score";
import { coverGreedily, toSimilarities } from "../kernels/coverage";
import { throwIfStopped } from "../errors";
import type { Strategy } from "../selection/strategy";
import { topRows } from "../kernels/top";

// Two rows at right angles keep a similarity of 0.14: the kernel stays informative over the whole sphere.
const lengthScale = 1;

/**
 * Filtered active submodular selection: keep the poolFactor · count rows with the smallest margin, then greedily
 * maximise facility location among them, each weighted by its doubt as in uncertainty herding (Bae, Oliveira and
 * Sutherland 2025).
 */
export const strategy: Strategy = {
  id: "margin-then-diversify",
  label: "Margin, spread out",
  summary: "Asks where two answers are closest, and picks questions that differ from each other.",
  paper: "Wei, Iyer and Bilmes, Submodularity in Data Subset Selection and Active Learning, 2015",
  needs: ["probabilities"],
  parameters: [
    {
      id: "poolFactor",
      label: "Doubtful items per question",
      summary:
        "How many of the most doubtful items each question is chosen from; 1 does not spread out at all.",
      min: 1,
      max: 20,
      step: 1,
      initial: 10,
    },
  ],
  async select(pool, count, { kernels, parameters, stop }) {
    throwIfStopped(stop);
    const { margin } = scoresOf(pool);
    const wanted = Math.min(pool.candidates.length, Math.round(count * parameters.poolFactor!));
    // Asking for `count` at least makes a pool that is too small fail by name.
    const doubtful = topRows(pool.candidates, margin, Math.max(count, wanted)).sort();
    const { chosen } = coverGreedily(
      {
        similarities: toSimilarities(
          await kernels.innerProducts(pool.embeddings, doubtful, doubtful),
          lengthScale,
        ),
        candidates: doubtful.length,
        weights: Float32Array.from(doubtful, (row) => margin[row]!),
        covered: new Float32Array(doubtful.length),
      },
      count,
      stop,
    );
    return chosen.map((at) => {
      const row = doubtful[at]!;
      return {
        row,
        score: margin[row]!,
        reason: reasonFor(
          margin[row]!,
          "The model hesitates here, as it does on items that look like this one.",
        ),
      };
    });
  },
};
