// Stops at the number of labels that was planned.

import type { StoppingRule } from "../advice/stopping-rule";

export const rule: StoppingRule = {
  id: "budget",
  label: "Labels planned",
  summary: "Says stop when as many labels are given as were planned.",
  parameters: [],
  judge({ labels, plan: { budget } }) {
    if (budget === null) return { says: "not asked", reason: "No number of labels was planned." };
    const planned = budget.toLocaleString("en");
    const given = labels.toLocaleString("en");
    return labels >= budget
      ? { says: "stop", reason: `You have given ${given} labels; ${planned} were planned.` }
      : { says: "go on", reason: `You have given ${given} of the ${planned} labels planned.` };
  },
};
