// The temperature against optima known in closed form, and its prior.

import { expect, test } from "vitest";
import { fitTemperature, negativeLogLikelihood, type Unseen } from "../../../src/core/learning/temperature";

/** Two classes with logits (z, 0); `right` of `count` rows are of the first. */
function rows(z: number, right: number, count: number): Unseen {
  const logits = Float64Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? z : 0));
  const targets = Uint8Array.from({ length: 2 * count }, (_, at) =>
    Number(at % 2 === (Math.floor(at / 2) < right ? 0 : 1)),
  );
  return { logits, targets, classes: 2 };
}

test("with many rows the probability becomes the share that was right", () => {
  // 75% right: σ(z / T) = 0.75, so T = z / ln 3.
  for (const z of [0.3, 2, 9]) {
    expect(fitTemperature(rows(z, 7_500, 10_000)) / (z / Math.log(3))).toBeCloseTo(1, 1);
  }
});

test("of sigmoids each class of each row counts for itself", () => {
  // σ(z / T) = 0.75 for the first class; logits of 0 say one half at any temperature.
  for (const z of [0.3, 2, 9]) {
    const { logits, classes } = rows(z, 0, 10_000);
    const targets = Uint8Array.from({ length: 20_000 }, (_, at) => Number(at % 2 === 0 && at < 15_000));
    const found = fitTemperature({ logits, targets, classes, activation: "sigmoid" });
    expect(found / (z / Math.log(3))).toBeCloseTo(1, 1);
  }
  const one = { logits: Float64Array.of(Math.log(3), 0), targets: Uint8Array.of(1, 0), classes: 2 };
  expect(negativeLogLikelihood({ ...one, activation: "sigmoid" }, 1)).toBeCloseTo(Math.log(8 / 3), 10);
});

test("with few rows it stays near the prior, and without any it is the prior", () => {
  const few = fitTemperature(rows(9, 3, 4));
  expect(few).toBeGreaterThan(1);
  expect(few).toBeLessThan(4);
  expect(
    fitTemperature({ logits: new Float64Array(0), targets: new Uint8Array(0), classes: 2 }, 1.5),
  ).toBeCloseTo(1.5, 4);
});

test("always right and always wrong end at finite temperatures", () => {
  const [sure, lost] = [fitTemperature(rows(2, 50, 50)), fitTemperature(rows(2, 0, 50))];
  expect(sure).toBeLessThan(0.7);
  expect(sure).toBeGreaterThan(0.02);
  expect(lost).toBeGreaterThan(3);
  expect(lost).toBeLessThan(20.01);
});

test("the likelihood is that of the softmax, without overflow", () => {
  expect(negativeLogLikelihood(rows(Math.log(3), 1, 2), 1)).toBeCloseTo(-Math.log(0.75) - Math.log(0.25), 10);
  expect(negativeLogLikelihood(rows(1e5, 0, 1), 0.1)).toBeCloseTo(1e6, 0);
});
