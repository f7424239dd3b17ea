// Answer times that stay as they were, grow, or grow too short to have looked.

import { expect, test } from "vitest";
import { createRandom } from "../../../src/core/random";
import { judge } from "../make-history";

const random = createRandom(8);
/** Around that many seconds, as answer times are: a factor of 1.5 either way. */
const times = (count: number, seconds: number) =>
  Array.from({ length: count }, () => ({ tookMs: 1000 * seconds * Math.exp(0.4 * random.normal()) }));

test.each([
  ["as before", [...times(60, 3), ...times(20, 3)], "go on"],
  ["three times as slow", [...times(60, 3), ...times(20, 9)], "stop"],
  ["a tenth of the time", [...times(60, 3), ...times(20, 0.3)], "stop"],
  ["slow once", [...times(79, 3), { tookMs: 60_000 }], "go on"],
  ["too few to know", times(40, 3), "too early"],
  ["none", [], "too early"],
] as const)("%s", (_, answers, says) => {
  expect(judge("fatigue", { answers }).says).toBe(says);
});

test("a pause is no slow answer", () => {
  const answers = [...times(60, 3), ...times(19, 3), { tookMs: 600_000 }];
  expect(judge("fatigue", { answers }).reason).not.toMatch(/600/);
  expect(judge("fatigue", { answers }).says).toBe("go on");
});

test("says the pace, then and now", () => {
  const answers = [...times(60, 3), ...times(20, 9)];
  expect(judge("fatigue", { answers }).reason).toMatch(
    /^Your last 20 answers took \d+\.\d s each, \d\.\d s before/,
  );
});
