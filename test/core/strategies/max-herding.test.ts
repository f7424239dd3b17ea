// MaxHerding: the row that stands for most of what is not covered yet.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/max-herding";
import { makePool, makeTools, onCircle, selectRows } from "../make-pool";

// Five around 0°, three around 120°, one alone at 240°.
const points = [-4, -2, 0, 2, 4, 118, 120, 122, 240].map(onCircle);
const near = { lengthScale: 0.1 };

test("takes the middle of the largest group, then of the next", async () => {
  const pool = await makePool(points, null);
  expect(await selectRows(strategy, pool, 3, near)).toEqual([2, 6, 8]);
});

test("gains are the mean similarity won", async () => {
  const [first, second] = await strategy.select(
    await makePool([0, 180].map(onCircle), null),
    2,
    makeTools(strategy),
  );
  // Itself 1, the opposite point exp(−4); then what was missing of the opposite point.
  expect(first!.score).toBeCloseTo((1 + Math.exp(-4)) / 2, 6);
  expect(second!.score).toBeCloseTo((1 - Math.exp(-4)) / 2, 6);
});

test("does not ask about what labelled rows stand for", async () => {
  const pool = await makePool(points, null, [0, 1, 3, 4, 5, 6, 7, 8], [2]);
  expect(await selectRows(strategy, pool, 1, near)).toEqual([6]);
});

test("looks at a random part of a large pool only, but at enough for the count", async () => {
  const many = Array.from({ length: 300 }, (_, at) => onCircle(at));
  const pool = await makePool(many, null);
  const few = { candidateLimit: 100, evaluationLimit: 100 };
  const one = await selectRows(strategy, pool, 5, few, 1);
  expect(await selectRows(strategy, pool, 5, few, 1)).toEqual(one);
  expect(await selectRows(strategy, pool, 5, few, 2)).not.toEqual(one);
  expect(new Set(await selectRows(strategy, pool, 200, few)).size).toBe(200);
});
