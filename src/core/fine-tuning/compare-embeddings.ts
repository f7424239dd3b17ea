// Judges two encoders by the hold-out: each has its embeddings of the same items, a plain head is fitted on the
// training rows of each, and both are asked about the same hold-out items.

import { pairedDifference, wilson } from "../evaluation/interval";
import type { Activation } from "../kernels/kernels";
import { fitLayers, logitsOf } from "../learning/fit-linear";
import type { StopSignal } from "../errors";
import type { Estimate } from "../round";
import type { TuningComparison } from "./tuning";

/** Strength of the fit on rows of length 1, as encoders are compared by it. */
const strength = 10;

export interface ComparedRows {
  /** Of the training rows: rows × classes of 0 and 1. */
  readonly trainTargets: Uint8Array;
  readonly holdOutTargets: Uint8Array;
  readonly classes: number;
  readonly activation: Activation;
}

/** One encoder's embeddings of the training and the hold-out rows. */
export interface EncoderRows {
  readonly dims: number;
  readonly train: Float32Array;
  readonly holdOut: Float32Array;
}

/** What a difference on the hold-out shows; chance alone may have made one whose interval holds 0. */
export type Verdict = "better" | "worse" | "unclear";

export function verdictOf({ low, high }: Pick<Estimate, "low" | "high">): Verdict {
  if (low > 0) return "better";
  return high < 0 ? "worse" : "unclear";
}

/** @throws TooFewLabels where the training rows are of one class, Stopped. */
export function compareOnHoldOut(
  before: EncoderRows,
  after: EncoderRows,
  rows: ComparedRows,
  stop: StopSignal | null,
): TuningComparison {
  const [was, is] = [rightOn(before, rows, stop), rightOn(after, rows, stop)];
  const count = was.length;
  const rightIn = (right: readonly boolean[]) => right.filter(Boolean).length;
  const gained = is.filter((right, at) => right && !was[at]).length;
  const lost = was.filter((right, at) => right && !is[at]).length;
  return {
    before: wilson(rightIn(was), count),
    after: wilson(rightIn(is), count),
    difference: pairedDifference(gained, lost, count),
  };
}

/** Whether each hold-out row is right in every class. */
export function rightOn(
  { dims, train, holdOut }: EncoderRows,
  { trainTargets, holdOutTargets, classes, activation }: ComparedRows,
  stop: StopSignal | null,
): boolean[] {
  const rows = train.length / dims;
  const places = Uint32Array.from({ length: rows }, (_, row) => row);
  const training = { features: train, rows, dims, targets: trainTargets, classes, places };
  const { layers } = fitLayers(training, activation, { c: strength, warm: null, stop });
  const count = holdOut.length / dims;
  const logits = logitsOf(layers[0]!, holdOut, count);
  return Array.from({ length: count }, (_, row) => {
    const own = logits.subarray(row * classes, (row + 1) * classes);
    const truth = holdOutTargets.subarray(row * classes, (row + 1) * classes);
    if (activation === "sigmoid") return own.every((logit, at) => logit > 0 === truth[at]! > 0);
    return truth[own.indexOf(Math.max(...own))]! > 0;
  });
}
