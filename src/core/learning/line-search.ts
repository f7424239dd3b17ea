// The step length along a descent direction, for ./lbfgs.

/** Writes the gradient at `point` into `gradient` and returns the value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** A place with what the objective says there. `searchAlong` overwrites the one it is given as `trial`. */
export interface Place {
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  value: number;
}

/** A function that can be followed downhill. */
export interface Searchable {
  readonly evaluate: Objective;
  /**
   * Finds an acceptable place along a descent direction and puts it into `trial`, which is overwritten. `from` is
   * the place evaluated or found last.
   * @param share of the slope that may be left, for searches that follow a line to its bottom; theirs unless given.
   * @returns false when rounding leaves none; `trial` is then meaningless.
   */
  search(from: Place, direction: Float64Array, firstStep: number, trial: Place, share?: number): boolean;
}

// The usual pair for quasi-Newton directions (Nocedal and Wright 2006, section 3.1).
const sufficientDecrease = 1e-4;
const curvature = 0.9;
const maxSteps = 50;

/**
 * The search of functions of which no more is known: bracketing by doubling and bisection until the weak Wolfe conditions hold (Lewis and Overton, "Nonsmooth
 * optimization via quasi-Newton methods", 2013), which keeps s·y > 0. A value that is not a number counts as
 * too far.
 */
export function searchAlong(
  objective: Objective,
  from: Place,
  direction: Float64Array,
  firstStep: number,
  trial: Place,
): boolean {
  const slope = dot(from.gradient, direction);
  // Near the minimum the decrease drowns in the rounding of the value itself.
  const slack = 4 * Number.EPSILON * Math.abs(from.value);
  let low = 0;
  let high = Infinity;
  let step = firstStep;
  for (let turn = 0; turn < maxSteps; turn++) {
    for (let at = 0; at < direction.length; at++) trial.point[at] = from.point[at]! + step * direction[at]!;
    trial.value = objective(trial.point, trial.gradient);
    if (!(trial.value <= from.value + sufficientDecrease * step * slope + slack)) high = step;
    else if (dot(trial.gradient, direction) < curvature * slope) low = step;
    else return true;
    step = high < Infinity ? (low + high) / 2 : 2 * low;
  }
  return false;
}

/** In four sums, for one would wait for each addition before the next. */
export function dot(left: Float64Array, right: Float64Array): number {
  const { length } = left;
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    a += left[at]! * right[at]!;
    b += left[at + 1]! * right[at + 1]!;
    c += left[at + 2]! * right[at + 2]!;
    d += left[at + 3]! * right[at + 3]!;
  }
  for (; at < length; at++) a += left[at]! * right[at]!;
  return a + b + (c + d);
}
