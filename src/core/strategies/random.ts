// Draws questions blindly: the baseline every other strategy must beat.

import { throwIfExhausted, throwIfStopped } from "../errors";
import type { Strategy } from "../selection/strategy";

export const strategy: Strategy = {
  id: "random",
  label: "At random",
  summary: "Draws items blindly; the fair baseline to compare other ways of asking with.",
  needs: [],
  parameters: [],
  async select({ candidates }, count, { random, stop }) {
    throwIfStopped(stop);
    throwIfExhausted(count, candidates.length);
    return random.sample(candidates.length, count).map((at) => ({
      row: candidates[at]!,
      score: 0,
      reason: "Drawn at random from everything left.",
    }));
  },
};
