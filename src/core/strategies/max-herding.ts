// Asks about items that stand for many others. Needs no labels, so it also chooses the seed set.

import { byDistance, candidateLimit, coverEvenly, evaluationLimit } from "../selection/cover-pool";
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
  select: (pool, count, tools) =>
    coverEvenly(
      pool,
      count,
      tools,
      byDistance(tools.parameters["lengthScale"]!),
      "Many items that nobody has labelled yet look like this one.",
    ),
};
