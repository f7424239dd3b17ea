// L-BFGS on functions whose minimum is known.

import { expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { minimise } from "../../../src/core/learning/lbfgs";
import type { Objective } from "../../../src/core/learning/line-search";

const options = { tolerance: 1e-9, maxIterations: 500, stop: null };

const rosenbrock: Objective = (point, gradient) => {
  const [x, y] = [point[0]!, point[1]!];
  gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
  gradient[1] = 200 * (y - x * x);
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
};

/** ½ Σ scale_i (x_i − i)², with scales from 1 to 10,000. */
const stretched: Objective = (point, gradient) => {
  let value = 0;
  for (let at = 0; at < point.length; at++) {
    const scale = 10 ** ((4 * at) / (point.length - 1));
    gradient[at] = scale * (point[at]! - at);
    value += (scale * (point[at]! - at) ** 2) / 2;
  }
  return value;
};

test("finds the bottom of Rosenbrock's valley", () => {
  const start = Float64Array.of(-1.2, 1);
  const found = minimise(rosenbrock, start, options);
  expect(found.converged).toBe(true);
  expect(found.point[0]).toBeCloseTo(1, 8);
  expect(found.point[1]).toBeCloseTo(1, 8);
  // Textbook implementations need 35 to 40.
  expect(found.iterations).toBeLessThan(60);
  expect([...start]).toEqual([-1.2, 1]);
});

test("ends where ten iterations gain less than was asked, and calls that converged", () => {
  // |x| + |y|: the gradient is ±1 everywhere but in the one point.
  const kinked: Objective = (point, gradient) => {
    gradient.set(point.map(Math.sign));
    return 1 + Math.abs(point[0]!) + Math.abs(point[1]!);
  };
  const found = minimise(kinked, Float64Array.of(3, -0.7), { ...options, stall: 1e-3 });
  expect(found.converged).toBe(true);
  expect(found.value).toBeLessThan(1.01);
  const slow = minimise(stretched, new Float64Array(30), { ...options, maxIterations: 2000, stall: 0.5 });
  expect(slow.iterations).toBeLessThan(500);
});

test("copes with a badly scaled bowl of more variables than it remembers steps", () => {
  const found = minimise(stretched, new Float64Array(30), { ...options, maxIterations: 2000 });
  expect(found.converged).toBe(true);
  // SciPy's L-BFGS-B with the same memory and tolerance needs 851.
  expect(found.iterations).toBeLessThan(1000);
  found.point.forEach((value, at) => expect(value).toBeCloseTo(at, 6));
  expect(found.gradientNorm).toBeLessThanOrEqual(1e-9);
});

test("a start at the minimum costs no iteration", () => {
  const found = minimise(rosenbrock, Float64Array.of(1, 1), options);
  expect(found).toMatchObject({ iterations: 0, converged: true, value: 0 });
});

test("the iteration cap holds and is not called convergence", () => {
  const found = minimise(rosenbrock, Float64Array.of(-1.2, 1), { ...options, maxIterations: 3 });
  expect(found).toMatchObject({ iterations: 3, converged: false });
  expect(found.value).toBeLessThan(24.2);
});

test("a region without a value is walked around", () => {
  // x − ln x, minimum at 1. The curve is so flat at the start that the second step overshoots below 0.
  let outside = 0;
  const found = minimise(
    (point, gradient) => {
      gradient[0] = 1 - 1 / point[0]!;
      if (point[0]! < 0) outside++;
      return point[0]! - Math.log(point[0]!);
    },
    Float64Array.of(3),
    options,
  );
  expect(outside).toBeGreaterThan(0);
  expect(found.point[0]).toBeCloseTo(1, 7);
});

test("a function that never is a number ends, unconverged", () => {
  const found = minimise(
    (_, gradient) => {
      gradient.fill(NaN);
      return NaN;
    },
    new Float64Array(2),
    options,
  );
  expect(found.converged).toBe(false);
});

test("stops when told, between iterations", () => {
  let calls = 0;
  const stop = { aborted: false };
  const counted: Objective = (point, gradient) => {
    if (++calls === 5) stop.aborted = true;
    return rosenbrock(point, gradient);
  };
  expect(() => minimise(counted, Float64Array.of(-1.2, 1), { ...options, stop })).toThrow(Stopped);
  expect(calls).toBeLessThan(20);
});
