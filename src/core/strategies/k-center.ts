// Asks about what lies farthest from everything labelled.

import { throwIfExhausted, throwIfStopped } from "../errors";
import type { Strategy } from "../selection/strategy";

export const strategy: Strategy = {
  id: "k-center",
  label: "Farthest first",
  summary: "Asks about the item least like any labelled one; finds what was overlooked, oddities first.",
  paper: "Sener and Savarese, Active Learning for Convolutional Neural Networks: A Core-Set Approach, 2018",
  needs: [],
  parameters: [],
  async select({ embeddings, candidates, labelled }, count, { kernels, stop }) {
    throwIfStopped(stop);
    throwIfExhausted(count, candidates.length);
    const { rows, distances } = await kernels.farthestFirst(embeddings, candidates, labelled, count, stop);
    return Array.from(rows, (row, turn) => ({
      row,
      score: distances[turn]!,
      reason:
        turn === 0 && labelled.length === 0
          ? "The most ordinary item, as a place to start from."
          : "Unlike everything asked about so far.",
    }));
  },
};
