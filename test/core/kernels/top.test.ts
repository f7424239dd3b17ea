// The best few of many, against sorting them all.

import { expect, test } from "vitest";
import { PoolExhausted } from "../../../src/core/errors";
import { createRandom } from "../../../src/core/random";
import { topRows } from "../../../src/core/kernels/top";

test("agrees with a full sort, ties to the lowest row", () => {
  const random = createRandom(11);
  for (let round = 0; round < 200; round++) {
    const size = 1 + random.integer(60);
    // Few different scores make many ties.
    const scores = Float32Array.from({ length: size }, () => random.integer(6));
    const candidates = Uint32Array.from(random.sample(size, 1 + random.integer(size)));
    const count = random.integer(candidates.length + 1);
    const sorted = [...candidates].sort((a, b) => scores[b]! - scores[a]! || a - b);
    expect([...topRows(candidates, scores, count)]).toEqual(sorted.slice(0, count));
  }
});

test("what is not a number ranks below everything", () => {
  const scores = Float32Array.of(NaN, -Infinity, 0, NaN);
  expect([...topRows(Uint32Array.of(0, 1, 2, 3), scores, 4)]).toEqual([2, 1, 0, 3]);
});

test("more than there are is PoolExhausted", () => {
  expect(() => topRows(Uint32Array.of(1), new Float32Array(2), 2)).toThrow(PoolExhausted);
});
