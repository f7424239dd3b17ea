// Asks where one model of a committee is farthest from the others' mean.

import { bySpread } from "../selection/by-committee";

export const strategy = bySpread({
  id: "max-disagreement",
  label: "Strongest objection",
  summary: "Asks where one of several models objects most strongly to what all say together.",
  paper: "McCallum and Nigam, Employing EM and Pool-Based Active Learning for Text Classification, 1998",
  score: ({ divergence }) => divergence,
});
