// Stops when the last labels made no difference that the hold-out can see.

import type { StoppingRule } from "../advice/stopping-rule";

/** The normal quantile of 97.5%. */
const z = 1.96;
/** With fewer hold-out items any gain disappears in the noise. */
const fewestItems = 30;

const points = (share: number) => (share * 100).toFixed(1).replace("-", "−");

export const rule: StoppingRule = {
  id: "plateau",
  label: "Plateau",
  summary: "Says stop when the last labels brought less than a point that could be told from chance.",
  parameters: [
    {
      id: "span",
      label: "Labels looked back",
      summary: "The newest model is compared with the one this many labels ago, item by item.",
      min: 10,
      max: 1000,
      step: 10,
      initial: 50,
    },
    {
      id: "gain",
      label: "Worth going on for",
      summary: "Points of accuracy that the labels looked back on must have brought.",
      min: 0,
      max: 20,
      step: 0.5,
      initial: 1,
    },
  ],
  judge({ heads }, { span, gain }) {
    const newest = heads.at(-1);
    const earlier = newest && heads.findLast(({ trainCount }) => trainCount <= newest.trainCount - span!);
    if (!newest || !earlier)
      return { says: "too early", reason: `There are no two models ${span} labels apart yet.` };
    const { length } = newest.right;
    if (length < fewestItems)
      return {
        says: "too early",
        reason: `The hold-out has ${length} items; a plateau shows with ${fewestItems} or more.`,
      };
    // Both heads were asked about the same items, so their difference item by item is what varies.
    let sum = 0;
    let squares = 0;
    for (let at = 0; at < length; at++) {
      const difference = newest.right[at]! - earlier.right[at]!;
      sum += difference;
      squares += difference * difference;
    }
    const mean = sum / length;
    const half = z * Math.sqrt(Math.max(0, squares / length - mean * mean) / length);
    const since = newest.trainCount - earlier.trainCount;
    const found = `The last ${since} labels brought ${points(mean)} points (${points(mean - half)} to ${points(mean + half)})`;
    return mean - half <= 0 && mean * 100 < gain!
      ? { says: "stop", reason: `${found}: no more than chance may do.` }
      : { says: "go on", reason: `${found}.` };
  },
};
