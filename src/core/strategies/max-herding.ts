// Asks about items that stand for many others. Needs no labels, so it also chooses the seed set.

import { throwIfExhausted, throwIfStopped } from "../errors";
import { byDistance, candidateLimit, coverPool, drawRows, evaluationLimit } from "../selection/cover-pool";
import type { Strategy } from "../selection/strategy";

export const strategy: Strategy = {
  id: "max-herding",
  label: "Coverage",
  summary: "Asks about items that many others resemble; the best start while there are hardly any labels.",
  paper:
    "Bae, Noh and Sutherland, Generalized Coverage for More Robust Low-Budget Active Learning, 2024 (MaxHerding)",
  needs: [],
  parameters: [
    candidateLimit,
    evaluationLimit,
    {
      id: "lengthScale",
      label: "Reach",
      summary: "How far apart two items may be and still stand for each other.",
      min: 0.1,
      max: 2,
      step: 0.05,
      initial: 1,
    },
  ],
  async select(pool, count, tools) {
    const { random, parameters, stop } = tools;
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    const candidates = drawRows(pool.candidates, Math.max(count, parameters["candidateLimit"]!), random);
    const targets = drawRows(pool.candidates, parameters["evaluationLimit"]!, random);
    const weights = new Float32Array(targets.length).fill(1 / targets.length);
    const toSimilarity = byDistance(parameters["lengthScale"]!);
    const { rows, gains } = await coverPool(
      pool,
      { candidates, targets, weights, toSimilarity },
      count,
      tools,
    );
    return Array.from(rows, (row, turn) => ({
      row,
      score: gains[turn]!,
      reason: "Many items that nobody has labelled yet look like this one.",
    }));
  },
};
