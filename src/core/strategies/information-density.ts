// Asks where the model doubts and where many items are alike.

import { scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped } from "../errors";
import type { Strategy } from "../selection/strategy";
import { topRows } from "../kernels/top";

/** Doubt (entropy) times (mean cosine with the candidates)^β, nothing below 0. */
export const strategy: Strategy = {
  id: "information-density",
  label: "Doubt where it is crowded",
  summary: "Asks about doubtful items that resemble many others, and leaves doubtful oddities alone.",
  paper: "Settles and Craven, An Analysis of Active Learning Strategies for Sequence Labeling Tasks, 2008",
  needs: ["probabilities"],
  parameters: [
    {
      id: "beta",
      label: "Weight of the crowd",
      summary: "Higher prefers crowded places, 0 looks at doubt alone.",
      min: 0,
      max: 5,
      step: 0.25,
      initial: 1,
    },
  ],
  async select(pool, count, { kernels, parameters, stop }) {
    throwIfStopped(stop);
    const { entropy } = scoresOf(pool);
    throwIfExhausted(count, pool.candidates.length);
    const density = await kernels.density(pool.embeddings, pool.candidates);
    const scores = entropy.map((doubt, row) => doubt * Math.max(0, density[row]!) ** parameters["beta"]!);
    return Array.from(topRows(pool.candidates, scores, count), (row) => ({
      row,
      score: scores[row]!,
      reason: "The model hesitates here, and many items look like this one.",
    }));
  },
};
