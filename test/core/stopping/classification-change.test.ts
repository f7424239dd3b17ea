// The newest comparison decides, also where later rounds made none.

import { expect, test } from "vitest";
import { judge, makeRounds } from "../make-history";

const changed = (...numbers: number[]) =>
  makeRounds(
    ...numbers.map((one) => ({ agreement: { labels: 10, rows: 1000, changed: one, kappa: 0.9 } })),
    {},
  );

test.each([
  [[5, 0], {}, "stop"],
  [[0, 1], {}, "go on"],
  [[10], { share: 1 }, "stop"],
  [[11], { share: 1 }, "go on"],
  [[], {}, "too early"],
] as const)("%o changed, %o: %s", (numbers, given, says) => {
  expect(judge("classification-change", { rounds: changed(...numbers) }, given).says).toBe(says);
});

test("says how many of how many", () => {
  expect(judge("classification-change", { rounds: changed(3) }).reason).toBe(
    "The last 10 labels changed 3 of 1,000 guesses.",
  );
});
