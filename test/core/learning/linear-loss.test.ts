// The loss with soft targets, row weights and several members, against sums written out and finite differences.

import { describe, expect, test } from "vitest";
import { fitLayers } from "../../../src/core/learning/fit-linear";
import type { Activation } from "../../../src/core/kernels/kernels";
import { createLinearLoss, type LinearProblem } from "../../../src/core/learning/linear-loss";
import { createRandom } from "../../../src/core/random";
import { clusters } from "../make-training";

const random = createRandom(5);
const draw = (count: number) => Float32Array.from({ length: count }, () => random.next() + 0.1);

function softProblem(members: number): LinearProblem {
  const [rows, dims, classes] = [7, 3, 5];
  const targets = draw(rows * classes);
  for (let row = 0; row < rows; row++) {
    const ofRow = targets.subarray(row * classes, (row + 1) * classes);
    const total = ofRow.reduce((sum, one) => sum + one, 0);
    ofRow.forEach((one, c) => (ofRow[c] = one / total));
  }
  return {
    features: draw(rows * dims),
    rows,
    dims,
    classes,
    targets,
    members,
    rowWeights: draw(rows * members),
  };
}

describe.each<Activation>(["softmax", "sigmoid"])("%s", (activation) => {
  test.each([1, 3])("the gradient is that of the value, with %i members", (members) => {
    const problem = softProblem(members);
    const loss = createLinearLoss(problem, [0, 1, 2, 3, 4], activation, 2);
    const point = Float64Array.from(draw(members * 5 * 4), (value) => value - 0.5);
    const gradient = new Float64Array(point.length);
    loss.evaluate(point, gradient);
    const unused = new Float64Array(point.length);
    point.forEach((value, at) => {
      const by = (step: number) => loss.evaluate(point.with(at, value + step), unused);
      expect((by(1e-5) - by(-1e-5)) / 2e-5).toBeCloseTo(gradient[at]!, 7);
    });
  });

  test.each([1, 3])("a search ends near the lowest place of its line, with %i members", (members) => {
    const loss = createLinearLoss(softProblem(members), [0, 1, 2, 3, 4], activation, 2);
    const place = () => ({ point: new Float64Array(members * 20), gradient: new Float64Array(members * 20) });
    const from = { ...place(), value: 0 };
    const trial = { ...place(), value: 0 };
    from.value = loss.evaluate(from.point, from.gradient);
    // The second search goes on from where the first ended, without being told.
    for (const firstStep of [100, 1e-3]) {
      const direction = from.gradient.map((value, at) => -value * (1 + (at % 3)));
      expect(loss.search(from, direction, firstStep, trial)).toBe(true);
      const slope = (gradient: Float64Array) =>
        gradient.reduce((sum, one, at) => sum + one * direction[at]!, 0);
      expect(Math.abs(slope(trial.gradient))).toBeLessThan(0.051 * Math.abs(slope(from.gradient)));
      expect(trial.value).toBeLessThan(from.value);
      Object.assign(from, {
        point: trial.point.slice(),
        gradient: trial.gradient.slice(),
        value: trial.value,
      });
    }
    const gradient = new Float64Array(members * 20);
    expect(loss.evaluate(from.point, gradient)).toBeCloseTo(from.value, 12);
    gradient.forEach((one, at) => expect(one).toBeCloseTo(from.gradient[at]!, 12));
  });

  test("members fitted together are as if fitted alone", () => {
    const problem = softProblem(2);
    const together = fitLayers(problem, activation, { c: 3, warm: null, stop: null });
    for (const member of [0, 1]) {
      const rowWeights = problem.rowWeights!.filter((_, at) => at % 2 === member);
      const alone = fitLayers({ ...problem, members: 1, rowWeights }, activation, {
        c: 3,
        warm: null,
        stop: null,
      });
      together.layers[member]!.weights.forEach((weight, at) =>
        expect(Math.abs(weight - alone.layers[0]!.weights[at]!)).toBeLessThan(1e-3),
      );
    }
  });
});

test("a weight of 2 is a row given twice", () => {
  const training = clusters(20, 4, 3, 6);
  const { rows, dims, classes, features, targets } = training;
  const rowWeights = new Float32Array(rows).fill(1).fill(2, 0, 5);
  const doubled = {
    rows: rows + 5,
    dims,
    classes,
    features: Float32Array.of(...features, ...features.subarray(0, 5 * dims)),
    targets: Uint8Array.of(...targets, ...targets.subarray(0, 5 * classes)),
  };
  const options = { c: 4, warm: null, stop: null };
  const [weighted] = fitLayers({ ...training, rowWeights }, "softmax", options).layers;
  const [plain] = fitLayers(doubled, "softmax", options).layers;
  weighted!.weights.forEach((weight, at) =>
    expect(Math.abs(weight - plain!.weights[at]!)).toBeLessThan(1e-3),
  );
});
