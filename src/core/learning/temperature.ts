// Temperature scaling: one number by which a head's logits are divided, so that of the items it calls 80% sure
// about 80% are right.

import type { Activation } from "../kernels/kernels";

/** Logits of rows that the head had not learnt from, and what those rows are. */
export interface Unseen {
  /** rows × classes, row-major. */
  readonly logits: Float64Array;
  /** rows × classes of 0 and 1; under softmax exactly one 1 a row. */
  readonly targets: Uint8Array;
  readonly classes: number;
  /** softmax unless said. */
  readonly activation?: Activation;
}

// A temperature rests on about this many labels before it is believed more than the prior. At 20 labels the
// optimum itself is off by a factor of 1.5 either way.
const priorWeight = 10;
const hottest = Math.log(20);
const coldest = Math.log(0.02);

/**
 * The T that minimises Σ −ln softmax(z / T)_y, or the sigmoids' log loss, + ½ · 10 · (ln T − ln prior)², between 0.02 and 20 (Guo et al.,
 * On Calibration of Modern Neural Networks, 2017, with a log-normal prior against few labels).
 */
export function fitTemperature(unseen: Unseen, prior = 1): number {
  if (unseen.targets.length === 0) return prior;
  const centre = Math.log(prior);
  const cost = (logT: number) =>
    negativeLogLikelihood(unseen, Math.exp(logT)) + (priorWeight / 2) * (logT - centre) ** 2;
  return Math.exp(goldenSection(cost, coldest, hottest));
}

/** Σ −ln softmax(z / T)_y over the rows; of sigmoids the sum over rows and classes. */
export function negativeLogLikelihood(unseen: Unseen, temperature: number): number {
  const { logits, targets, classes } = unseen;
  if (unseen.activation === "sigmoid") return binaryLogLoss(unseen, temperature);
  let sum = 0;
  for (let start = 0; start < logits.length; start += classes) {
    let highest = -Infinity;
    for (let at = start; at < start + classes; at++) highest = Math.max(highest, logits[at]!);
    let total = 0;
    let ofTarget = 0;
    for (let at = start; at < start + classes; at++) {
      const shifted = (logits[at]! - highest) / temperature;
      total += Math.exp(shifted);
      if (targets[at]) ofTarget = shifted;
    }
    sum += Math.log(total) - ofTarget;
  }
  return sum;
}

function binaryLogLoss({ logits, targets }: Unseen, temperature: number): number {
  let sum = 0;
  for (let at = 0; at < logits.length; at++) {
    const z = logits[at]! / temperature;
    // ln(1 + e^z) − y·z, with the exponent kept negative so that it cannot overflow.
    sum += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - (targets[at] ? z : 0);
  }
  return sum;
}

/** The cost is convex in 1/T, so it has one valley in ln T, too, where the prior does not add a shallow one. */
function goldenSection(cost: (at: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atLeft, atRight] = [cost(left), cost(right)];
  // 0.618^30 of the range of 7 leaves the logarithm exact to 4e-6.
  for (let turn = 0; turn < 30; turn++) {
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - ratio * (high - low);
      atLeft = cost(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + ratio * (high - low);
      atRight = cost(right);
    }
  }
  return (low + high) / 2;
}
