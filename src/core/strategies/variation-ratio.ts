// Asks where the fewest models of a committee vote for the winner.

import { byCommittee } from "../selection/by-committee";

export const strategy = byCommittee({
  id: "variation-ratio",
  label: "Smallest majority",
  summary: "Asks where the smallest share of several models votes for the winning class.",
  paper:
    "Freeman, Elementary Applied Statistics, 1965; Gal, Islam and Ghahramani, Deep Bayesian Active Learning, 2017",
  score: ({ votes }, row, classes) => 1 - Math.max(...votes.subarray(row * classes, (row + 1) * classes)),
});
