// Stops when new labels change what the model says of no item at all.

import type { StoppingRule } from "../advice/stopping-rule";

export const rule: StoppingRule = {
  id: "classification-change",
  label: "No guess changes",
  summary: "Says stop when new labels change the model's guess of none of the items looked at.",
  paper: "Zhu et al., Multi-Criteria-Based Strategy to Stop Active Learning for Data Annotation, 2008",
  parameters: [
    {
      id: "share",
      label: "Guesses that may change",
      summary: "Per cent of the items looked at; 0 is the rule as published.",
      min: 0,
      max: 10,
      step: 0.1,
      initial: 0,
    },
  ],
  judge({ rounds }, { share }) {
    const last = rounds.findLast(({ agreement }) => agreement)?.agreement;
    if (!last) return { says: "too early", reason: "No two models have been compared yet." };
    const { changed, rows, labels } = last;
    const found = `The last ${labels} labels changed ${changed} of ${rows.toLocaleString("en")} guesses.`;
    return { says: changed <= (share! / 100) * rows ? "stop" : "go on", reason: found };
  },
};
