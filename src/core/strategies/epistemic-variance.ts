// Asks where the probabilities of a committee vary most.

import { bySpread } from "../selection/by-committee";

export const strategy = bySpread({
  id: "epistemic-variance",
  label: "Varying probabilities",
  summary: "Asks where the probabilities given by several models vary most.",
  paper:
    "Kampffmeyer, Salberg and Jenssen, Semantic Segmentation of Small Objects, 2016; Kirsch et al., 2023",
  score: ({ variance }) => variance,
});
