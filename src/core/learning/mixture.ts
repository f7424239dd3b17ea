// How much to believe each of two models: by how likely they make answers that neither was fitted to.

import { fitTemperature, negativeLogLikelihood, type Unseen } from "./temperature";
import type { LinearLayer } from "../kernels/kernels";

/** Finer shares differ by less than the folds can tell. */
const shares: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

export interface Mixture {
  /** Of the second model's logits, each model's divided by its own temperature first; 0 to 1. */
  readonly share: number;
  readonly temperatures: readonly [first: number, second: number];
  /** What the mixed logits are to be divided by. */
  readonly temperature: number;
}

/**
 * How likely each share is before any answer: two thirds on average, for with few labels the second model, taught by
 * neighbours, was ahead on all of the sets it was measured on.
 */
const secondFavoured: readonly number[] = [1, 2, 3, 4, 5];

/**
 * The posterior mean of the share: with few answers it is near that of the prior, with many it settles where they are
 * likeliest (Hoeting et al., Bayesian Model Averaging, 1999).
 * @param first, second logits of the same rows by models that had not learnt from them.
 * @param priors of the shares 0, ¼, ½, ¾ and 1 of the second, before any answer.
 */
export function mixtureOf(
  first: Unseen,
  second: Unseen,
  priors: readonly number[] = secondFavoured,
): Mixture {
  const temperatures = [fitTemperature(first), fitTemperature(second)] as const;
  const mixed = (share: number): Unseen => ({
    ...first,
    logits: first.logits.map(
      (logit, at) => ((1 - share) * logit) / temperatures[0] + (share * second.logits[at]!) / temperatures[1],
    ),
  });
  const costs = shares.map((share) => negativeLogLikelihood(mixed(share), 1));
  const least = Math.min(...costs);
  const weights = costs.map((cost, at) => priors[at]! * Math.exp(least - cost));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const share = shares.reduce((sum, one, at) => sum + (one * weights[at]!) / total, 0);
  return { share, temperatures, temperature: fitTemperature(mixed(share)) };
}

/** One layer whose logits are the mixture's; both have the same shape. */
export function mixLayers(
  first: LinearLayer,
  second: LinearLayer,
  { share, temperatures, temperature }: Mixture,
): LinearLayer {
  const one = (1 - share) / (temperatures[0] * temperature);
  return addLayers(first, one, second, share / (temperatures[1] * temperature));
}

/**
 * The second layer of a mixture, where the first is known: near enough to start a fit from. Null where the second
 * hardly has a share, or the shapes differ.
 */
export function secondOf(
  mixed: LinearLayer,
  first: LinearLayer,
  { share, temperatures, temperature }: Mixture,
): LinearLayer | null {
  if (share < leastToDivideBy || mixed.dims !== first.dims || mixed.classes !== first.classes) return null;
  const whole = (temperatures[1] * temperature) / share;
  const part = ((1 - share) * temperatures[1]) / (temperatures[0] * share);
  return addLayers(mixed, whole, first, -part);
}

/** Below, rounding and what changed since the last round would be blown up. */
const leastToDivideBy = 0.2;

function addLayers(first: LinearLayer, one: number, second: LinearLayer, other: number): LinearLayer {
  const sum = (left: Float32Array, right: Float32Array) =>
    left.map((value, at) => one * value + other * right[at]!);
  return {
    dims: first.dims,
    classes: first.classes,
    weights: sum(first.weights, second.weights),
    bias: sum(first.bias, second.bias),
  };
}
