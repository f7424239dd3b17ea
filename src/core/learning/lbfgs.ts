// Minimises a smooth function of many variables. Knows nothing of models; ./fit-linear gives it the loss.

import { throwIfStopped, type StopSignal } from "../errors";
import { finish, type Steps } from "../steps";
import { dot, searchAlong, type Objective, type Place, type Searchable } from "./line-search";
import { createStepMemory, type StepMemory } from "./step-memory";

export interface MinimiseOptions {
  /** Converged when no component of the gradient is larger. */
  readonly tolerance: number;
  /**
   * Also converged when ten iterations lower the value by no more than this share of it: for kinked objectives,
   * whose gradient never vanishes. Not asked unless given.
   */
  readonly stall?: number;
  readonly maxIterations: number;
  /** Empty; one of 10 steps unless given. */
  readonly memory?: StepMemory;
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
  return finish(minimiseInSteps(objective, start, options));
}

/** As `minimise`, a step each iteration. */
export function* minimiseInSteps(
  objective: Objective | Searchable,
  start: Float64Array,
  options: MinimiseOptions,
): Steps<Minimum> {
  const { evaluate, search } = typeof objective === "function" ? searchable(objective) : objective;
  let here = openPlace(start.slice());
  let trial = openPlace(new Float64Array(start.length));
  here.value = evaluate(here.point, here.gradient);
  const { memory = createStepMemory(start.length, usualMemory) } = options;
  let iterations = 0;
  const values: number[] = [];
  const hasStalled = () =>
    options.stall !== undefined &&
    values.length > stallWindow &&
    values.at(-1 - stallWindow)! - here.value <= options.stall * Math.abs(here.value);
  while (maxAbs(here.gradient) > options.tolerance && iterations < options.maxIterations && !hasStalled()) {
    throwIfStopped(options.stop);
    const direction = memory.direction(here.gradient);
    const steepest = memory.size === 0;
    const firstStep = steepest ? Math.min(1, 1 / Math.sqrt(dot(here.gradient, here.gradient))) : 1;
    if (!search(here, direction, firstStep, trial)) {
      if (steepest) break;
      // A stale curvature can spoil the direction; steepest descent has the last word.
      memory.clear();
      continue;
    }
    memory.add(here, trial);
    [here, trial] = [trial, here];
    values.push(here.value);
    iterations++;
    yield;
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

function maxAbs(values: Float64Array): number {
  let most = 0;
  // A NaN must not pass for small.
  for (let at = 0; at < values.length; at++) {
    const size = Math.abs(values[at]!);
    if (!(size <= most)) most = size;
  }
  return most;
}
