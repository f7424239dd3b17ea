// The one-vs-rest head against scikit-learn's binary regressions, and its classes without both outcomes.

import { expect, test } from "vitest";
import { TooFewLabels } from "../../../src/core/errors";
import { head } from "../../../src/core/heads/one-vs-rest";
import sklearn from "../../fixtures/logistic-sklearn.json";
import { makeTraining, predict, toolsFor } from "../make-training";

test.each(sklearn)("each class agrees with scikit-learn to 1e-4: $name", async (example) => {
  const features = example.labels.map((_, row) =>
    example.features.slice(row * example.dims, (row + 1) * example.dims),
  );
  const training = makeTraining(
    features,
    example.labels.map((one) => [one]),
    example.classes,
  );
  const fitted = head.fit(training, { c: example.c }, null, toolsFor(training));
  expect(fitted.model.activation).toBe("sigmoid");
  const probabilities = await predict(fitted, training);
  probabilities.forEach((p, at) => expect(Math.abs(p - example.sigmoid[at]!)).toBeLessThan(1e-4));
});

test("classes that always or never apply follow the rule of succession", async () => {
  // Class 0 always, class 1 never, class 2 now and then; three rows.
  const training = makeTraining(
    [
      [1, 0],
      [0, 1],
      [0, 1],
    ],
    [[0, 2], [0], [0]],
    3,
  );
  const probabilities = await predict(head.fit(training, { c: 10 }, null, toolsFor(training)), training);
  for (let row = 0; row < 3; row++) {
    expect(probabilities[row * 3]).toBeCloseTo(4 / 5, 5);
    expect(probabilities[row * 3 + 1]).toBeCloseTo(1 / 5, 5);
  }
  expect(probabilities[2]).toBeGreaterThan(0.5);
  expect(probabilities[5]).toBeLessThan(0.5);
});

test("one class is enough, if it applies to some and not to others", async () => {
  const training = makeTraining(
    [
      [1, 0],
      [0, 1],
    ],
    [[0], []],
    1,
  );
  const probabilities = await predict(head.fit(training, { c: 10 }, null, toolsFor(training)), training);
  expect(probabilities[0]).toBeGreaterThan(0.5);
  expect(probabilities[1]).toBeLessThan(0.5);
});

test("items that all have the same set are too few outcomes", () => {
  const training = makeTraining(
    [
      [1, 0],
      [0, 1],
    ],
    [
      [0, 2],
      [0, 2],
    ],
    3,
  );
  expect(() => head.fit(training, { c: 10 }, null, toolsFor(training))).toThrow(TooFewLabels);
});
