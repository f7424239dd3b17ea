// Sorts everything left into as many groups as there are questions and asks about the middle of each.

import { throwIfExhausted, throwIfStopped } from "../errors";
import { clusteredLimit, clusterRows, nearestToCentres } from "../selection/cluster";
import { drawRows } from "../selection/cover-pool";
import type { Strategy } from "../selection/strategy";

export const strategy: Strategy = {
  id: "k-means",
  label: "Middle of each group",
  summary:
    "Sorts what is left into groups of like items, one for each question, and asks about the middle of each.",
  paper:
    "Nguyen and Smeulders, Active Learning Using Pre-clustering, 2004; Xu et al., Representative Sampling, 2003",
  needs: [],
  parameters: [clusteredLimit(20_000)],
  async select(pool, count, tools) {
    throwIfStopped(tools.stop);
    throwIfExhausted(count, pool.candidates.length);
    if (count === 0) return [];
    const limit = Math.max(count, tools.parameters["candidateLimit"]!);
    const rows = drawRows(pool.candidates, limit, tools.random);
    const clustered = await clusterRows(pool, rows, count, tools);
    const sizes = new Map<number, number>();
    rows.forEach((row, at) => sizes.set(row, clustered.squaredDistances[at]!));
    return nearestToCentres(rows, clustered, count).map((row) => ({
      row,
      score: -sizes.get(row)!,
      reason: "The middle of a group of items that look alike.",
    }));
  },
};
