// Asks about items that many doubtful ones resemble: coverage, weighted by doubt.

import { reasonFor, scoresOf } from "../kernels/by-score";
import { byDistance, candidateLimit, coverPool, drawParts, evaluationLimit } from "../selection/cover-pool";
import { smallestSpacing } from "../selection/label-spacing";
import type { Strategy } from "../selection/strategy";

/** Before two labelled items are apart; coverage then works over the whole sphere. */
const widestReach = 1;

/**
 * Greedily maximises Σ_j u_j · max over labelled and chosen i of k(i, j), with u the margin and k an RBF kernel
 * whose reach is the smallest distance between two labelled items, as in the authors' code: as labels grow dense it
 * turns from coverage into margin sampling.
 */
export const strategy: Strategy = {
  id: "uherding",
  label: "Doubtful and covering",
  summary: "Asks about items that many doubtful ones resemble; turns from coverage to the border by itself.",
  paper:
    "Bae, Oliveira and Sutherland, Uncertainty Herding: One Active Learning Method for All Label Budgets, 2025",
  needs: ["probabilities"],
  parameters: [
    candidateLimit,
    evaluationLimit,
    {
      id: "leastReach",
      label: "Least reach",
      summary: "Items closer than this always stand for each other, however dense the labels are.",
      min: 0,
      max: 1,
      step: 0.05,
      initial: 0.1,
    },
  ],
  async select(pool, count, tools) {
    const { parameters } = tools;
    const { margin } = scoresOf(pool);
    const { candidates, targets } = drawParts(pool, count, tools);
    const spacing = (await smallestSpacing(pool, tools)) ?? widestReach;
    const reach = Math.max(1e-3, parameters["leastReach"]!, Math.min(widestReach, spacing));
    const weights = Float32Array.from(targets, (row) => margin[row]! / targets.length);
    const plan = { candidates, targets, weights, toSimilarity: byDistance(reach) };
    const { rows, gains } = await coverPool(pool, plan, count, tools);
    return Array.from(rows, (row, turn) => ({
      row,
      score: gains[turn]!,
      reason: reasonFor(margin[row]!, "The model hesitates here, and on items that look like this one."),
    }));
  },
};
