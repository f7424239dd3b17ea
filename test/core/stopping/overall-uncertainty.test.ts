// The doubt that is left, in the newest round that has any.

import { expect, test } from "vitest";
import { judge, makeRounds } from "../make-history";

test.each([
  [[0.3, 0.049], "stop"],
  [[0.3, 0.05], "go on"],
  [[0.01, null], "stop"],
  [[null], "too early"],
  [[], "too early"],
] as const)("%o: %s", (uncertainties, says) => {
  const rounds = makeRounds(...uncertainties.map((uncertainty) => ({ uncertainty })));
  expect(judge("overall-uncertainty", { rounds }).says).toBe(says);
});
