// The stream judge by hand, its budget, and that it goes on asking where the model is sure of everything.

import fc from "fast-check";
import { expect, test } from "vitest";
import { judge, streamStart, type StreamState } from "../../../src/core/stream/variable-uncertainty";

function judgeAll(confidences: readonly number[], budget: number) {
  let state: StreamState = streamStart;
  return confidences.map((confidence) => {
    const judged = judge(state, confidence, budget);
    state = judged.state;
    return { ask: judged.ask, threshold: state.threshold };
  });
}

test("three items by hand: the threshold falls by a hundredth with a question and rises by one without", () => {
  const [first, second, third] = judgeAll([0.7, 0.995, 0.5], 1);
  expect(first).toEqual({ ask: true, threshold: 0.99 });
  // 0.995 is above the new threshold.
  expect(second).toEqual({ ask: false, threshold: 0.99 * 1.01 });
  expect(third).toEqual({ ask: true, threshold: 0.99 * 1.01 * 0.99 });
});

test("never more than the budget of what was seen, rounded up", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (confidences, budget) => {
        let asked = 0;
        judgeAll(confidences, budget).forEach(({ ask }, at) => {
          if (ask) asked++;
          expect(asked).toBeLessThanOrEqual(Math.ceil(budget * (at + 1)));
        });
      },
    ),
  );
});

test("of a doubtful half the most is asked; where all are alike it still asks", () => {
  const mixed = Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? 0.55 : 0.99));
  const asked = judgeAll(mixed, 0.3).flatMap(({ ask }, at) => (ask ? [at] : []));
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.filter((at) => at % 2 === 0).length / asked.length).toBeGreaterThan(0.9);
  const sure = judgeAll(new Array<number>(400).fill(0.98), 0.2).filter(({ ask }) => ask).length;
  expect(sure).toBeGreaterThan(20);
});

test("a spent budget leaves the threshold where it is; none asks nothing", () => {
  const [, second] = judgeAll([0.2, 0.2], 0.4);
  expect(second).toEqual({ ask: false, threshold: 0.99 });
  expect(judgeAll([0.1, 0.2, 0.3], 0).every(({ ask }) => !ask)).toBe(true);
});
