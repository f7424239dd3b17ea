// Stops when the model is sure of nearly everything that is left.

import type { StoppingRule } from "../advice/stopping-rule";

export const rule: StoppingRule = {
  id: "overall-uncertainty",
  label: "Little doubt left",
  summary: "Says stop when the mean uncertainty over the items not yet asked is small.",
  paper: "Zhu et al., Learning a Stopping Criterion for Active Learning for Word Sense Disambiguation, 2008",
  parameters: [
    {
      id: "uncertainty",
      label: "Uncertainty",
      summary: "Per cent of the most there can be: mean normalised entropy over the items not yet asked.",
      min: 0,
      max: 50,
      step: 1,
      initial: 5,
    },
  ],
  judge({ rounds }, { uncertainty }) {
    const last = rounds.findLast((round) => round.uncertainty !== null)?.uncertainty ?? null;
    if (last === null) return { says: "too early", reason: "There is no model to be sure of anything yet." };
    const found = `Of the items not yet asked, ${(last * 100).toFixed(1)}% of the doubt is left`;
    return last * 100 < uncertainty!
      ? { says: "stop", reason: `${found}, less than ${uncertainty}%.` }
      : { says: "go on", reason: `${found}; ${uncertainty}% is little.` };
  },
};
