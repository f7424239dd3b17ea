// Minimises a smooth function of many variables. Knows nothing of models; ./fit-linear gives it the loss.

import { throwIfStopped, type StopSignal } from "../errors";
import { dot, searchAlong, type Objective, type Place, type Searchable } from "./line-search";

export interface MinimiseOptions {
  /** Converged when no component of the gradient is larger. */
  readonly tolerance: number;
  /**
   * Also converged when ten iterations lower the value by no more than this share of it: for kinked objectives,
   * whose gradient never vanishes. Not asked unless given.
   */
  readonly stall?: number;
  readonly maxIterations: number;
  /** Steps whose curvature is remembered; 10 unless given. */
  readonly memory?: number;
  /** Polled once an iteration. */
  readonly stop: StopSignal | null;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  /** Largest absolute component. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Iterations over which a stall is seen. */
const stallWindow = 10;
const usualMemory = 10;

/** One remembered step: how far the point moved and how the gradient changed on the way. */
interface Correction {
  readonly moved: Float64Array;
  readonly changed: Float64Array;
  /** 1 / (moved · changed). */
  readonly rho: number;
}

/**
 * L-BFGS (Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989).
 * Deterministic. `start` is not changed. Ends unconverged at the iteration cap, or where rounding leaves no
 * downhill step.
 * @throws Stopped when told to stop.
 */
export function minimise(
  objective: Objective | Searchable,
  start: Float64Array,
  options: MinimiseOptions,
): Minimum {
  const { evaluate, search } = typeof objective === "function" ? searchable(objective) : objective;
  let here = openPlace(start.slice());
  let trial = openPlace(new Float64Array(start.length));
  here.value = evaluate(here.point, here.gradient);
  const corrections: Correction[] = [];
  let iterations = 0;
  const values: number[] = [];
  const hasStalled = () =>
    options.stall !== undefined &&
    values.length > stallWindow &&
    values.at(-1 - stallWindow)! - here.value <= options.stall * Math.abs(here.value);
  while (maxAbs(here.gradient) > options.tolerance && iterations < options.maxIterations && !hasStalled()) {
    throwIfStopped(options.stop);
    const direction = twoLoop(here.gradient, corrections);
    const steepest = corrections.length === 0;
    const firstStep = steepest ? Math.min(1, 1 / Math.sqrt(dot(here.gradient, here.gradient))) : 1;
    if (!search(here, direction, firstStep, trial)) {
      if (steepest) break;
      // A stale curvature can spoil the direction; steepest descent has the last word.
      corrections.length = 0;
      continue;
    }
    remember(corrections, options.memory ?? usualMemory, here, trial);
    [here, trial] = [trial, here];
    values.push(here.value);
    iterations++;
  }
  const gradientNorm = maxAbs(here.gradient);
  return {
    point: here.point,
    value: here.value,
    gradientNorm,
    iterations,
    converged: gradientNorm <= options.tolerance || hasStalled(),
  };
}

function openPlace(point: Float64Array): Place {
  return { point, gradient: new Float64Array(point.length), value: 0 };
}

function searchable(objective: Objective): Searchable {
  return {
    evaluate: objective,
    search: (from, direction, firstStep, trial) => searchAlong(objective, from, direction, firstStep, trial),
  };
}

/** Adds the step between two places, in the arrays of the oldest where there are `memory` already. */
function remember(corrections: Correction[], memory: number, from: Place, to: Place): void {
  const { length } = from.point;
  const oldest = corrections.length === memory ? corrections.shift()! : null;
  const moved = oldest?.moved ?? new Float64Array(length);
  const changed = oldest?.changed ?? new Float64Array(length);
  for (let at = 0; at < length; at++) {
    moved[at] = to.point[at]! - from.point[at]!;
    changed[at] = to.gradient[at]! - from.gradient[at]!;
  }
  const product = dot(moved, changed);
  // Zero only through rounding; dividing by it would end every later direction in NaN.
  if (product > 0) corrections.push({ moved, changed, rho: 1 / product });
}

/** Minus the approximate inverse Hessian times the gradient. */
function twoLoop(gradient: Float64Array, corrections: readonly Correction[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (let at = corrections.length - 1; at >= 0; at--) {
    const { moved, changed, rho } = corrections[at]!;
    alphas[at] = rho * dot(moved, direction);
    addScaled(direction, -alphas[at]!, changed);
  }
  const newest = corrections.at(-1);
  if (newest) {
    const scale = 1 / (newest.rho * dot(newest.changed, newest.changed));
    for (let at = 0; at < direction.length; at++) direction[at]! *= scale;
  }
  corrections.forEach(({ moved, changed, rho }, at) => {
    addScaled(direction, alphas[at]! - rho * dot(changed, direction), moved);
  });
  return direction;
}

function addScaled(into: Float64Array, scale: number, values: Float64Array): void {
  for (let at = 0; at < into.length; at++) into[at]! += scale * values[at]!;
}

function maxAbs(values: Float64Array): number {
  let most = 0;
  // A NaN must not pass for small.
  for (const value of values) if (!(Math.abs(value) <= most)) most = Math.abs(value);
  return most;
}
