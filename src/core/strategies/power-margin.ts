// Draws doubtful items by chance, the more doubtful the likelier, so that a batch is not ten times the same.

import { reasonFor, scoresOf } from "../kernels/by-score";
import { gumbel } from "../kernels/gumbel";
import { throwIfStopped } from "../errors";
import type { Strategy } from "../selection/strategy";
import { topRows } from "../kernels/top";

/** Draws without replacement with probability in proportion to margin^β, by Gumbel noise on its logarithm. */
export const strategy: Strategy = {
  id: "power-margin",
  label: "Margin, by chance",
  summary:
    "Draws items where two answers are close, by chance; mixes a batch and keeps its figures unbiased.",
  paper: "Kirsch et al., Stochastic Batch Acquisition: A Simple Baseline for Deep Active Learning, 2023",
  needs: ["probabilities"],
  byChance: true,
  parameters: [
    {
      id: "sharpness",
      label: "Sharpness",
      summary: "Higher keeps closer to the most doubtful items; 0 would draw blindly.",
      min: 0.5,
      max: 16,
      step: 0.5,
      initial: 8,
    },
  ],
  async select(pool, count, { random, parameters, stop }) {
    throwIfStopped(stop);
    const { margin } = scoresOf(pool);
    const seed = random.integer(2 ** 32);
    const keys = margin.map(
      (doubt, row) => parameters["sharpness"]! * Math.log(doubt) + gumbel(seed, 0, row),
    );
    // Where the model is quite sure of everything, the logarithm is −∞ for all and the lowest rows come first.
    return Array.from(topRows(pool.candidates, keys, count), (row) => ({
      row,
      score: margin[row]!,
      reason: reasonFor(margin[row]!, "Drawn by chance from where the model hesitates."),
    }));
  },
};
