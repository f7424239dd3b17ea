// Stops when the accuracy on the hold-out is above the target with all of its interval.

import type { StoppingRule } from "../advice/stopping-rule";

const percent = (share: number) => `${Math.round(share * 100)}%`;

export const rule: StoppingRule = {
  id: "target-reached",
  label: "Target reached",
  summary: "Says stop when the target is reached even at the low end of the interval.",
  parameters: [],
  judge({ accuracy, plan: { target } }) {
    if (target === null) return { says: "not asked", reason: "No target was set." };
    if (accuracy === null)
      return { says: "too early", reason: "Nothing has been measured on the hold-out yet." };
    const found = `About ${percent(accuracy.value)} are right, between ${percent(accuracy.low)} and ${percent(accuracy.high)}`;
    if (accuracy.low >= target)
      return { says: "stop", reason: `${found}: above your target of ${percent(target)} throughout.` };
    const sure =
      accuracy.value >= target ? "reached, but not yet for certain" : `short of your ${percent(target)}`;
    return { says: "go on", reason: `${found}: the target is ${sure}.` };
  },
};
