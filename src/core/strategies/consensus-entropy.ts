// Asks where the mean of a committee is least decided.

import { byCommittee, entropyOf } from "../selection/by-committee";

export const strategy = byCommittee({
  id: "consensus-entropy",
  label: "Undecided on the whole",
  summary: "Asks where several models taken together are least decided.",
  paper: "Settles, Active Learning Literature Survey, 2009 (query by committee)",
  score: ({ probabilities }, row, classes) => entropyOf(probabilities, row, classes),
});
