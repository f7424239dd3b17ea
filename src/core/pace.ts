// How often the model is fitted again while somebody answers, and how: as often as the machine can without making
// anybody wait for fresh questions.

/** What a turn costs here, in milliseconds from answer to new queue; null where it has not been measured. */
export interface TurnCost {
  /** With a fit from all labels. */
  readonly fullMs: number | null;
  /** With the answers since the last such fit taken in. */
  readonly updateMs: number | null;
}

export interface Pace {
  /** Answers between two turns. */
  readonly every: number;
  readonly fit: "full" | "update";
}

/** A turn that takes less is over before the next answer, as a rule. */
export const quickMs = 300;
/** Answers between two rounds that are kept: enough points for the curve, and few enough to store. */
export const keptEvery = 5;

/**
 * After every answer where a turn with a full fit is quick, or else one with an update; after so many answers that
 * turns take no more than their share of the time otherwise.
 * @param wanted answers between two turns as the person set it; null leaves it to the machine.
 */
export function paceOf({ fullMs, updateMs }: TurnCost, wanted: number | null): Pace {
  if (fullMs === null || fullMs <= quickMs) return { every: wanted ?? 1, fit: "full" };
  const costMs = updateMs ?? fullMs;
  const affordable = Math.min(keptEvery, Math.max(1, Math.ceil(costMs / quickMs)));
  return { every: wanted ?? affordable, fit: "update" };
}
