// Asks where the two best guesses are closest.

import { byScore } from "../kernels/by-score";

export const strategy = byScore({
  id: "margin",
  label: "Margin",
  summary: "Asks where two answers are closest; sharpens the border between classes that are often confused.",
  paper: "Scheffer, Decomain and Wrobel, Active Hidden Markov Models for Information Extraction, 2001",
  score: ({ margin }) => margin,
  reason: "The model hesitates between two answers here.",
});
