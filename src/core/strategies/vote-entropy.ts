// Asks where the votes of a committee are split most evenly.

import { byCommittee, entropyOf } from "../selection/by-committee";

export const strategy = byCommittee({
  id: "vote-entropy",
  label: "Split votes",
  summary: "Asks where the votes of several models are split most evenly over the classes.",
  paper: "Dagan and Engelson, Committee-Based Sampling for Training Probabilistic Classifiers, 1995",
  score: ({ votes }, row, classes) => entropyOf(votes, row, classes),
});
