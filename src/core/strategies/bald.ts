// Asks where each model of a committee is sure, but of different answers.

import { byCommittee, entropyOf } from "../selection/by-committee";

export const strategy = byCommittee({
  id: "bald",
  label: "BALD",
  summary:
    "Asks where several models are each sure of different answers; leaves alone what is blurred by nature.",
  paper: "Houlsby et al., Bayesian Active Learning for Classification and Preference Learning, 2011",
  score: ({ probabilities, memberEntropy }, row, classes) =>
    Math.max(0, entropyOf(probabilities, row, classes) - memberEntropy[row]!),
});
