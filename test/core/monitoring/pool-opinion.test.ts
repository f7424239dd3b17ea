// Confidence and guesses over the items not yet asked, counted by hand.

import { expect, test } from "vitest";
import { poolOpinion } from "../../../src/core/monitoring/pool-opinion";

test("one class an item: the guess and how sure it is, of the candidates only", () => {
  const probabilities = Float32Array.of(0.55, 0.45, 1, 0, 0.2, 0.8, 0.05, 0.95);
  const found = poolOpinion(probabilities, 2, Uint32Array.of(0, 2, 3), "single");
  expect(found.predicted).toEqual([1, 2]);
  expect(found.confidences).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 1, 1]);
  expect(poolOpinion(probabilities, 2, Uint32Array.of(1), "single").confidences[9]).toBe(1);
});

test("several classes: every one likelier than not, and the most doubtful decision counts", () => {
  const found = poolOpinion(Float32Array.of(0.9, 0.55, 0.1, 0.15), 2, Uint32Array.of(0, 1), "multiple");
  expect(found.predicted).toEqual([1, 1]);
  expect(found.confidences).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 1, 0]);
});
