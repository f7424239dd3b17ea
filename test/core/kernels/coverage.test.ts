// Greedy coverage against the plain greedy that recomputes every gain.

import { expect, test } from "vitest";
import { coverGreedily, toSimilarities } from "../../../src/core/kernels/coverage";
import { Stopped } from "../../../src/core/errors";
import { createRandom } from "../../../src/core/random";

function plainGreedy(
  similarities: Float32Array,
  weights: Float32Array,
  covered: Float32Array,
  count: number,
) {
  const targets = weights.length;
  const best = [...covered];
  const chosen: number[] = [];
  while (chosen.length < count) {
    let winner = -1;
    let most = -1;
    for (let candidate = 0; candidate < similarities.length / targets; candidate++) {
      if (chosen.includes(candidate)) continue;
      let gain = 0;
      for (let to = 0; to < targets; to++)
        gain += weights[to]! * Math.max(0, similarities[candidate * targets + to]! - best[to]!);
      if (gain > most) [winner, most] = [candidate, gain];
    }
    chosen.push(winner);
    for (let to = 0; to < targets; to++) best[to] = Math.max(best[to]!, similarities[winner * targets + to]!);
  }
  return chosen;
}

test("recomputing only what could win changes nothing", () => {
  const random = createRandom(5);
  for (let round = 0; round < 50; round++) {
    const [candidates, targets] = [2 + random.integer(20), 1 + random.integer(15)];
    // Quarters make exact ties frequent.
    const quarters = (size: number) => Float32Array.from({ length: size }, () => random.integer(5) / 4);
    const similarities = quarters(candidates * targets);
    const [weights, covered] = [quarters(targets), quarters(targets)];
    const before = covered.slice();
    const { chosen, gains } = coverGreedily({ similarities, candidates, weights, covered }, candidates, null);
    expect(chosen).toEqual(plainGreedy(similarities, weights, covered, candidates));
    expect([...gains].sort((a, b) => b - a)).toEqual(gains);
    expect(covered).toEqual(before);
  }
});

test("similarities are exp(−d²/h²) and never above 1", () => {
  // Equal, at right angles (d² = 2), opposite (d² = 4), and a product that rounding lifted above 1.
  const similarities = toSimilarities(Float32Array.of(1, 0, -1, 1.0001), 2);
  [1, Math.exp(-2 / 4), Math.exp(-1), 1].forEach((expected, at) => {
    expect(similarities[at]).toBeCloseTo(expected, 6);
  });
});

test("stops when told", () => {
  const one = Float32Array.of(1);
  const coverage = { similarities: one, candidates: 1, weights: one, covered: Float32Array.of(0) };
  expect(() => coverGreedily(coverage, 1, { aborted: true })).toThrow(Stopped);
});
