// Asks where the best guess is weakest.

import { byScore } from "../kernels/by-score";

export const strategy = byScore({
  id: "least-confidence",
  label: "Least confidence",
  summary: "Asks where the model trusts its best guess least; simple, but drawn to items unlike any class.",
  paper: "Lewis and Gale, A Sequential Algorithm for Training Text Classifiers, 1994",
  score: ({ leastConfidence }) => leastConfidence,
  reason: "The model trusts its own guess least here.",
});
