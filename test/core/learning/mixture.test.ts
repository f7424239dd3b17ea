// Mixing two linear models by how likely they make answers they had not seen.

import { expect, test } from "vitest";
import { logitsOf } from "../../../src/core/learning/fit-linear";
import { mixLayers, mixtureOf, secondOf } from "../../../src/core/learning/mixture";
import type { Unseen } from "../../../src/core/learning/temperature";

/** Rows of two classes; `right` of them have the logit on the side of their answer. */
function unseen(rows: number, right: number): Unseen {
  const logits = new Float64Array(2 * rows);
  const targets = new Uint8Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    targets[2 * row] = 1;
    logits[2 * row + (row < right ? 0 : 1)] = 2;
  }
  return { logits, targets, classes: 2 };
}

test("the model that is right more often gets the larger share, the more so the more answers there are", () => {
  const few = mixtureOf(unseen(10, 6), unseen(10, 9)).share;
  const many = mixtureOf(unseen(200, 120), unseen(200, 180)).share;
  expect(few).toBeGreaterThan(0.5);
  expect(many).toBeGreaterThan(few);
  expect(mixtureOf(unseen(200, 180), unseen(200, 120)).share).toBeLessThan(0.3);
});

test("without answers, or between equals, the second has two thirds", () => {
  expect(mixtureOf(unseen(0, 0), unseen(0, 0)).share).toBeCloseTo(2 / 3, 12);
  expect(mixtureOf(unseen(20, 15), unseen(20, 15)).share).toBeCloseTo(2 / 3, 6);
});

test("the mixed layer has the mixed logits", () => {
  const layer = (scale: number) => ({
    dims: 2,
    classes: 2,
    weights: Float32Array.of(1, 2, 3, 4).map((one) => one * scale),
    bias: Float32Array.of(5, 6),
  });
  const mixture = { share: 0.25, temperatures: [2, 4], temperature: 0.5 } as const;
  const mixed = mixLayers(layer(1), layer(-2), mixture);
  expect(secondOf(mixed, layer(1), mixture)).toEqual(layer(-2));
  expect(secondOf(mixed, layer(1), { ...mixture, share: 0 })).toBeNull();
  const x = Float32Array.of(0.5, -1);
  const [first, second] = [logitsOf(layer(1), x, 1), logitsOf(layer(-2), x, 1)];
  logitsOf(mixed, x, 1).forEach((logit, c) =>
    expect(logit).toBeCloseTo((0.75 * first[c]!) / 2 / 0.5 + (0.25 * second[c]!) / 4 / 0.5, 5),
  );
});
