// Asks where belief is spread over the most classes.

import { byScore } from "../kernels/by-score";

export const strategy = byScore({
  id: "entropy",
  label: "Entropy",
  summary: "Asks where the model's belief is spread widest over all classes; suits a handful of classes.",
  paper: "Settles, Active Learning Literature Survey, 2009",
  score: ({ entropy }) => entropy,
  reason: "The model could believe almost any answer here.",
});
