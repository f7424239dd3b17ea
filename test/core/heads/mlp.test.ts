// The small neural network, by what a linear head cannot do, and its gradient against differences.

import { expect, test } from "vitest";
import { head as logistic } from "../../../src/core/heads/logistic";
import { head } from "../../../src/core/heads/mlp";
import { createMlpLoss, layOut } from "../../../src/core/learning/fit-mlp";
import { createRandom } from "../../../src/core/random";
import { clusters, makeTraining, predict, toolsFor } from "../make-training";

const corners = [
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
];
/** Opposite corners belong together: no straight cut tells them apart. */
const crossed = makeTraining([...corners, ...corners], [[0], [0], [1], [1], [0], [0], [1], [1]], 2);

test("learns what no straight cut can", async () => {
  const parameters = { units: 8, c: 100 };
  const bent = await predict(head.fit(crossed, parameters, null, toolsFor(crossed)), crossed);
  const straight = await predict(logistic.fit(crossed, parameters, null, toolsFor(crossed)), crossed);
  for (let row = 0; row < 8; row++) {
    const truth = row % 4 < 2 ? 0 : 1;
    expect(bent[2 * row + truth]).toBeGreaterThan(0.9);
    expect(straight[2 * row + truth]).toBeCloseTo(0.5, 3);
  }
});

test("several classes an item: each is asked for itself", async () => {
  const both = makeTraining([...corners, ...corners], [[0], [0], [], [], [0, 1], [0, 1], [1], [1]], 2);
  const tools = toolsFor(both, null, null, "multiple");
  const probabilities = await predict(head.fit(both, { units: 8, c: 100 }, null, tools), both);
  // The first class by the corner, the second by chance alone: half of each corner's rows have it.
  for (let row = 0; row < 8; row++) {
    const first = probabilities[2 * row]!;
    expect(row % 4 < 2 ? first : 1 - first).toBeGreaterThan(0.9);
    expect(probabilities[2 * row + 1]).toBeCloseTo(0.5, 1);
  }
});

test("weight decay keeps it simple, and calibration changes the output's scale alone", () => {
  const training = clusters(60, 6, 3, 5);
  const fit = (parameters: Record<string, number>) =>
    head.fit(training, { units: 8, ...parameters }, null, toolsFor(training));
  const sizeOf = ({ model }: ReturnType<typeof head.fit>) => {
    if (model.kind !== "mlp") throw new Error(`A perceptron was fitted, not ${model.kind}.`);
    return model.hidden.weights.reduce((sum, weight) => sum + weight ** 2, 0);
  };
  expect(sizeOf(fit({ c: 0.1 }))).toBeLessThan(sizeOf(fit({ c: 100 })) / 4);
  const [plain, calibrated] = [fit({ c: 10 }), fit({ c: 10, calibrate: 1 })];
  expect(calibrated.temperature).not.toBe(1);
  if (plain.model.kind !== "mlp" || calibrated.model.kind !== "mlp") throw new Error("Not perceptrons.");
  expect(calibrated.model.hidden).toEqual(plain.model.hidden);
  const before = plain.model.output.weights;
  calibrated.model.output.weights.forEach((weight, at) =>
    expect(weight * calibrated.temperature).toBeCloseTo(before[at]!, 4),
  );
});

test.each(["softmax", "sigmoid"] as const)("the gradient of %s is that of differences", (activation) => {
  const training = clusters(15, 4, 3, 6);
  const layout = layOut(4, 5, activation === "softmax" ? [0, 1, 2] : [0, 2]);
  const loss = createMlpLoss(training, layout, activation, 3);
  const random = createRandom(2);
  const point = Float64Array.from({ length: layout.length }, () => random.normal());
  const gradient = new Float64Array(layout.length);
  loss(point, gradient);
  const scratch = new Float64Array(layout.length);
  const width = 1e-6;
  point.forEach((value, at) => {
    const beside = (shift: number) => {
      const moved = point.slice();
      moved[at] = value + shift;
      return loss(moved, scratch);
    };
    expect((beside(width) - beside(-width)) / (2 * width)).toBeCloseTo(gradient[at]!, 5);
  });
});
