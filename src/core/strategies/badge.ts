// Asks about items that would change the model much and each in another direction.

import { scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped } from "../errors";
import type { Strategy } from "../selection/strategy";

export const strategy: Strategy = {
  id: "badge",
  label: "BADGE",
  summary:
    "Asks about doubtful items that would each change the model in another way; steady with large batches.",
  paper: "Ash et al., Deep Batch Active Learning by Diverse, Uncertain Gradient Lower Bounds, 2020",
  needs: ["probabilities"],
  modes: ["single"],
  parameters: [],
  async select(pool, count, { kernels, random, stop }) {
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    const { probabilities, margin } = scoresOf(pool);
    const seed = random.integer(2 ** 32);
    const { embeddings, classes, candidates } = pool;
    const rows = await kernels.gradientSample(
      embeddings,
      probabilities,
      classes,
      candidates,
      count,
      seed,
      stop,
    );
    return Array.from(rows, (row) => ({
      row,
      score: margin[row]!,
      reason: "An answer here would teach the model something the others do not.",
    }));
  },
};
