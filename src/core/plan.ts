// What a person set out to do before the first answer: how many labels, how good, at what price, and which
// rules may advise to stop. Written down early, so that nobody stops on a lucky figure.

export interface Plan {
  /** Labels, those of the hold-out included; null where no number was planned. */
  readonly budget: number | null;
  /** Accuracy on the hold-out, 0 to 1; null where none was set. */
  readonly target: number | null;
  /** What one label costs, in `currency`; null where nobody counts. */
  readonly pricePerLabel: number | null;
  /** As it is written before a sum: "€", "CHF". */
  readonly currency: string;
  /** Ids of the stopping rules that may advise. */
  readonly rules: readonly string[];
  /** Values for the rules' own parameters, by rule and parameter; the initial ones where left out. */
  readonly ruleParameters: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Milliseconds since 1970, and how many labels there were then. */
  readonly writtenAt: number;
  readonly labelsThen: number;
}

/** Of a project that began without a plan: every rule may speak, and nothing was promised. */
export const noPlan: Plan = {
  budget: null,
  target: null,
  pricePerLabel: null,
  currency: "€",
  rules: [
    "budget",
    "target-reached",
    "plateau",
    "stabilising-predictions",
    "classification-change",
    "overall-uncertainty",
    "fatigue",
  ],
  ruleParameters: {},
  writtenAt: 0,
  labelsThen: 0,
};
