// Builds a batch one by one from doubt and distance: distance counts more while little is labelled.

import { scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped } from "../errors";
import { nearestProduct } from "../selection/nearest-labelled";
import type { Strategy } from "../selection/strategy";

/** α (1 − similarity to the nearest labelled or chosen) + (1 − α) doubt, with α = |U| / (|U| + |L|). */
export const strategy: Strategy = {
  id: "ranked-batch",
  label: "Doubt and distance",
  summary: "Weighs doubt against distance from what is labelled; begins with distance and ends with doubt.",
  paper: "Cardoso et al., Ranked Batch-Mode Active Learning, 2017",
  needs: ["probabilities"],
  parameters: [],
  async select(pool, count, tools) {
    throwIfStopped(tools.stop);
    const { leastConfidence } = scoresOf(pool);
    const { candidates, labelled } = pool;
    throwIfExhausted(count, candidates.length);
    // Cosines from −1 to 1 become similarities from 0 to 1; with nothing labelled, nothing is similar.
    const toSimilarity = (product: number) => Math.min(1, Math.max(0, (1 + product) / 2));
    const nearest = (await nearestProduct(pool, labelled, tools)).map(toSimilarity);
    const open = new Set(candidates);
    const picks = [];
    for (let turn = 0; turn < count; turn++) {
      throwIfStopped(tools.stop);
      const alpha = open.size / (open.size + labelled.length + turn);
      const scoreOf = (row: number) => alpha * (1 - nearest[row]!) + (1 - alpha) * leastConfidence[row]!;
      let best = -1;
      for (const row of open) if (best < 0 || scoreOf(row) > scoreOf(best)) best = row;
      picks.push({
        row: best,
        score: scoreOf(best),
        reason: "Unlike what is labelled, or doubtful, or both.",
      });
      open.delete(best);
      if (turn + 1 === count) break;
      const added = await nearestProduct(pool, [best], tools);
      added.forEach((product, row) => (nearest[row] = Math.max(nearest[row]!, toSimilarity(product))));
    }
    return picks;
  },
};
