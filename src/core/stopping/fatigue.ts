// Asks for a break when somebody answers much slower than they did, or faster than anybody can look.

import type { GivenAnswer, StoppingRule } from "../advice/stopping-rule";

/** A longer answer was a pause, not thinking. */
const pauseMs = 120_000;
/** Answers that show what is usual. */
const usual = 30;
/** Share that the newest answer has in the moving average. */
const weight = 0.2;

export const rule: StoppingRule = {
  id: "fatigue",
  label: "Time for a break",
  summary: "Says stop for now when answers grow much slower, or so fast that nobody looks.",
  paper:
    "Roberts, Control Chart Tests Based on Geometric Moving Averages, 1959, on the logarithm of answer times",
  parameters: [
    {
      id: "streak",
      label: "Answers in a row",
      summary: "How many answers in a row must be out of the usual.",
      min: 5,
      max: 100,
      step: 1,
      initial: 20,
    },
  ],
  judge({ answers }, { streak }) {
    const times = answers.filter(({ tookMs }) => tookMs > 0 && tookMs < pauseMs).map(logOf);
    const before = times.slice(0, -streak!);
    if (before.length < usual)
      return { says: "too early", reason: `It takes ${usual + streak!} answers to know your usual pace.` };
    const last = times.slice(-streak!);
    const mean = meanOf(before);
    const spread = Math.sqrt(meanOf(before.map((one) => (one - mean) ** 2)));
    // Control limit of two standard deviations of the moving average.
    const limit = 2 * spread * Math.sqrt(weight / (2 - weight));
    const pace = `Your last ${streak} answers took ${secondsOf(meanOf(last))} each, ${secondsOf(mean)} before`;
    if (movingAverage(last, mean).every((one, at) => at < streak! / 2 || one > mean + limit) && spread > 0)
      return { says: "stop", reason: `${pace}: a break may help.` };
    const fastest = before.toSorted((a, b) => a - b)[Math.floor(before.length / 20)]!;
    if (last.every((one) => one < fastest))
      return { says: "stop", reason: `${pace}: too fast to have looked.` };
    return { says: "go on", reason: `${pace}.` };
  },
};

function logOf({ tookMs }: GivenAnswer): number {
  return Math.log(tookMs);
}

function movingAverage(values: readonly number[], from: number): number[] {
  let average = from;
  return values.map((value) => (average += weight * (value - average)));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function secondsOf(log: number): string {
  return `${(Math.exp(log) / 1000).toFixed(1)} s`;
}
