// Stops when one model after the other says the same of the pool, chance agreement taken off.

import type { StoppingRule } from "../advice/stopping-rule";

export const rule: StoppingRule = {
  id: "stabilising-predictions",
  label: "Predictions settle",
  summary: "Says stop when the last models agree on nearly every item, measured by Cohen's kappa.",
  paper:
    "Bloodgood and Vijay-Shanker, A Method for Stopping Active Learning Based on Stabilizing Predictions, 2009",
  parameters: [
    {
      id: "span",
      label: "Comparisons",
      summary: "How many comparisons in a row must agree on average.",
      min: 1,
      max: 20,
      step: 1,
      initial: 3,
    },
    {
      id: "kappa",
      label: "Kappa",
      summary: "Agreement beyond chance; at 0.99 F1 can change by 4 points at most.",
      min: 0.5,
      max: 1,
      step: 0.005,
      initial: 0.99,
    },
  ],
  judge({ rounds }, { span, kappa }) {
    const compared = rounds.flatMap(({ agreement }) => (agreement ? [agreement] : [])).slice(-span!);
    if (compared.length < span!)
      return {
        says: "too early",
        reason: `Models were compared ${compared.length} times; it takes ${span}.`,
      };
    const mean = compared.reduce((sum, one) => sum + one.kappa, 0) / compared.length;
    const found = `The last ${span} comparisons of models agree with a kappa of ${mean.toFixed(3)}`;
    if (mean < kappa!) return { says: "go on", reason: `${found}; ${kappa} would be settled.` };
    // Bloodgood and Grothendieck, Analysis of Stopping Active Learning based on Stabilizing Predictions, 2013.
    const bound = (400 * (1 - mean)) / mean;
    return { says: "stop", reason: `${found}: F1 moved by ${bound.toFixed(1)} points at most.` };
  },
};
