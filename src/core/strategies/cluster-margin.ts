// Takes the most doubtful items and goes round their groups, small groups first.

import { reasonFor, scoresOf } from "../kernels/by-score";
import { throwIfStopped } from "../errors";
import { clusterRows, membersOf } from "../selection/cluster";
import type { Strategy } from "../selection/strategy";
import { topRows } from "../kernels/top";

/** With k-means over the doubtful items in place of one agglomerative clustering of everything. */
export const strategy: Strategy = {
  id: "cluster-margin",
  label: "Margin, group by group",
  summary:
    "Asks where two answers are closest, one group of like items after the other; made for large batches.",
  paper: "Citovsky et al., Batch Active Learning at Scale, 2021",
  needs: ["probabilities"],
  parameters: [
    {
      id: "poolFactor",
      label: "Doubtful items per question",
      summary: "How many of the most doubtful items are sorted into groups for each question.",
      min: 1,
      max: 50,
      step: 1,
      initial: 10,
    },
  ],
  async select(pool, count, tools) {
    throwIfStopped(tools.stop);
    const { margin } = scoresOf(pool);
    const wanted = Math.min(pool.candidates.length, Math.round(count * tools.parameters["poolFactor"]!));
    const doubtful = topRows(pool.candidates, margin, Math.max(count, wanted)).sort();
    if (count === 0) return [];
    const groups = membersOf(await clusterRows(pool, doubtful, count, tools)).filter(
      ({ length }) => length > 0,
    );
    groups.sort((left, right) => left.length - right.length || left[0]! - right[0]!);
    for (const group of groups)
      group.sort((a, b) => margin[doubtful[b]!]! - margin[doubtful[a]!]! || doubtful[a]! - doubtful[b]!);
    const chosen: number[] = [];
    for (let turn = 0; chosen.length < count; turn++)
      for (const group of groups)
        if (turn < group.length && chosen.length < count) chosen.push(doubtful[group[turn]!]!);
    return chosen.map((row) => ({
      row,
      score: margin[row]!,
      reason: reasonFor(margin[row]!, "The model hesitates in this group of like items."),
    }));
  },
};
