// What L-BFGS remembers of its last steps, and the direction it makes of them.

import { dot, type Place } from "./line-search";

export interface StepMemory {
  /** Steps remembered now. */
  readonly size: number;
  /** Remembers the step between two places, for the oldest where there is no more room. */
  add(from: Place, to: Place): void;
  /** Minus the approximate inverse Hessian times the gradient; overwritten by the next call. */
  direction(gradient: Float64Array): Float64Array;
  clear(): void;
}

/** One remembered step: how far the point moved and how the gradient changed on the way. */
interface Correction {
  readonly moved: Float64Array;
  readonly changed: Float64Array;
  /** 1 / (moved · changed). */
  readonly rho: number;
}

/** @param length of the points. @param most steps that are remembered. */
export function createStepMemory(length: number, most: number): StepMemory {
  const corrections: Correction[] = [];
  const direction = new Float64Array(length);
  return {
    get size() {
      return corrections.length;
    },
    clear: () => (corrections.length = 0),
    add(from, to) {
      const oldest = corrections.length === most ? corrections.shift()! : null;
      const moved = oldest?.moved ?? new Float64Array(length);
      const changed = oldest?.changed ?? new Float64Array(length);
      for (let at = 0; at < length; at++) {
        moved[at] = to.point[at]! - from.point[at]!;
        changed[at] = to.gradient[at]! - from.gradient[at]!;
      }
      const product = dot(moved, changed);
      // Zero only through rounding; dividing by it would end every later direction in NaN.
      if (product > 0) corrections.push({ moved, changed, rho: 1 / product });
    },
    direction(gradient) {
      for (let at = 0; at < length; at++) direction[at] = -gradient[at]!;
      const alphas: number[] = [];
      for (let at = corrections.length - 1; at >= 0; at--) {
        const { moved, changed, rho } = corrections[at]!;
        alphas[at] = rho * dot(moved, direction);
        addScaled(direction, -alphas[at]!, changed);
      }
      const newest = corrections.at(-1);
      if (newest) {
        const scale = 1 / (newest.rho * dot(newest.changed, newest.changed));
        for (let at = 0; at < length; at++) direction[at]! *= scale;
      }
      corrections.forEach(({ moved, changed, rho }, at) => {
        addScaled(direction, alphas[at]! - rho * dot(changed, direction), moved);
      });
      return direction;
    },
  };
}

function addScaled(into: Float64Array, scale: number, values: Float64Array): void {
  for (let at = 0; at < into.length; at++) into[at]! += scale * values[at]!;
}
