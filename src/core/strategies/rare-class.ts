// Hunts for the classes with the fewest labels, and asks doubtful items in between.

import { reasonFor, scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped } from "../errors";
import type { Pool, Strategy } from "../selection/strategy";

/** Share of the questions that hunt: at place t when the count of hunts up to t rises. */
function isHunt(turn: number, share: number): boolean {
  return Math.floor((turn + 1) * share) > Math.floor(turn * share);
}

export const strategy: Strategy = {
  id: "rare-class",
  label: "Rare classes",
  summary: "Looks for more of the classes with the fewest labels, and asks doubtful items in between.",
  paper:
    "Attenberg and Provost, Why Label When You Can Search?, 2010 (most likely positive and uncertain, mixed)",
  needs: ["probabilities"],
  parameters: [
    {
      id: "huntShare",
      label: "Share of the hunt",
      summary: "Questions that look for the rarest class; the others are the most doubtful ones.",
      min: 0,
      max: 1,
      step: 0.05,
      initial: 0.5,
    },
  ],
  async select(pool, count, { parameters, stop }) {
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    const { probabilities, margin } = scoresOf(pool);
    const { classes } = pool;
    const found = labelsPerClass(pool);
    const open = new Set(pool.candidates);
    const best = (score: (row: number) => number) => {
      let chosen = -1;
      for (const row of open) if (chosen < 0 || score(row) > score(chosen)) chosen = row;
      return chosen;
    };
    return Array.from({ length: count }, (_, turn) => {
      const hunts = isHunt(turn, parameters["huntShare"]!);
      const rarest = found.indexOf(Math.min(...found));
      const score = hunts
        ? (row: number) => probabilities[row * classes + rarest]!
        : (row: number) => margin[row]!;
      const row = best(score);
      open.delete(row);
      if (hunts) found[rarest]! += 1;
      return {
        row,
        score: score(row),
        reason: hunts
          ? "Of all that is left, the likeliest to be of the class with the fewest labels."
          : reasonFor(margin[row]!, "The model hesitates between two answers here."),
      };
    });
  },
};

function labelsPerClass({ labels, classes }: Pool): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) if (label >= 0 && label < classes) counts[label]! += 1;
  return counts;
}
