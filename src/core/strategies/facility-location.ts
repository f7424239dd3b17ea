// Asks about items that, with what is labelled, have something similar to each item of the pool.

import { throwIfExhausted, throwIfStopped } from "../errors";
import { candidateLimit, coverPool, drawRows, evaluationLimit } from "../selection/cover-pool";
import type { Strategy } from "../selection/strategy";

/** Similarity is the cosine, nothing below 0. */
export const strategy: Strategy = {
  id: "facility-location",
  label: "Representatives",
  summary: "Asks about items so that each item of the pool has a similar one with a label.",
  paper: "Wei, Iyer and Bilmes, Submodularity in Data Subset Selection and Active Learning, 2015",
  needs: [],
  parameters: [candidateLimit, evaluationLimit],
  async select(pool, count, tools) {
    const { random, parameters, stop } = tools;
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    const candidates = drawRows(pool.candidates, Math.max(count, parameters["candidateLimit"]!), random);
    const targets = drawRows(pool.candidates, parameters["evaluationLimit"]!, random);
    const weights = new Float32Array(targets.length).fill(1 / targets.length);
    const toSimilarity = (products: Float32Array) => {
      for (let at = 0; at < products.length; at++) products[at] = Math.min(1, Math.max(0, products[at]!));
      return products;
    };
    const { rows, gains } = await coverPool(
      pool,
      { candidates, targets, weights, toSimilarity },
      count,
      tools,
    );
    return Array.from(rows, (row, turn) => ({
      row,
      score: gains[turn]!,
      reason: "Represents items that have nothing similar among the labelled ones.",
    }));
  },
};
