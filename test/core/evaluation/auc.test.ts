// AUC by hand, against the definition over all pairs, and its interval by simulation.

import { expect, test } from "vitest";
import { meanAuc, rank } from "../../../src/core/evaluation/auc";
import { createRandom } from "../../../src/core/random";

test("by hand: one pair of four the wrong way round", () => {
  const { auc } = rank([0.1, 0.4, 0.35, 0.8], (item) => item % 2 === 1 || item === 3);
  expect(auc).toBe(1);
  expect(rank([0.1, 0.4, 0.35, 0.8], (item) => item >= 2).auc).toBe(3 / 4);
  expect(rank([0.5, 0.5], (item) => item === 0).auc).toBe(1 / 2);
});

test("agrees with all pairs, ties included, and its influence has mean 0", () => {
  const random = createRandom(4);
  const scores = Array.from({ length: 80 }, () => random.integer(12) / 12);
  const isOf = (item: number) => (item * 7) % 3 === 0;
  let pairs = 0;
  let won = 0;
  for (let a = 0; a < 80; a++)
    for (let b = 0; b < 80; b++)
      if (isOf(a) && !isOf(b)) {
        pairs++;
        won += scores[a]! > scores[b]! ? 1 : scores[a] === scores[b] ? 0.5 : 0;
      }
  const { auc, influence } = rank(scores, isOf);
  expect(auc).toBeCloseTo(won / pairs, 12);
  expect(influence.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0, 9);
});

test("nothing to rank", () => {
  expect(rank([1, 2], () => true).auc).toBeNull();
  expect(meanAuc([rank([1, 2], () => false)], 2)).toBeNull();
});

test("the interval holds the true AUC in about 95% of 400 samples, and stays within 0 and 1", () => {
  // Scores normal with means 0 and 1.5: AUC = Φ(1.5 / √2) = 0.8556.
  const truth = 0.8556;
  let held = 0;
  for (let run = 0; run < 400; run++) {
    const random = createRandom(run);
    const isOf = (item: number) => item % 3 === 0;
    const scores = Array.from({ length: 90 }, (_, item) => random.normal() + (isOf(item) ? 1.5 : 0));
    const { low, high } = meanAuc([rank(scores, isOf)], 90)!;
    expect(low).toBeGreaterThan(0);
    expect(high).toBeLessThan(1);
    if (low <= truth && truth <= high) held++;
  }
  expect(held / 400).toBeGreaterThan(0.92);
  expect(held / 400).toBeLessThan(0.985);
});
