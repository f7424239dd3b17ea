// How often the model is fitted again, from what turns cost.

import { expect, test } from "vitest";
import { paceOf } from "../../src/core/pace";

test("after every answer while nothing is known, and while a full turn is quick", () => {
  expect(paceOf({ fullMs: null, updateMs: null }, null)).toEqual({ every: 1, fit: "full" });
  expect(paceOf({ fullMs: 300, updateMs: 80 }, null)).toEqual({ every: 1, fit: "full" });
});

test("after every answer by an update where only that is quick", () => {
  expect(paceOf({ fullMs: 301, updateMs: 300 }, null)).toEqual({ every: 1, fit: "update" });
});

test("after so many answers that a turn costs 300 ms an answer, and no more than the rounds that are kept", () => {
  expect(paceOf({ fullMs: 4000, updateMs: 301 }, null)).toEqual({ every: 2, fit: "update" });
  expect(paceOf({ fullMs: 4000, updateMs: 900 }, null)).toEqual({ every: 3, fit: "update" });
  expect(paceOf({ fullMs: 60_000, updateMs: 50_000 }, null)).toEqual({ every: 5, fit: "update" });
  expect(paceOf({ fullMs: 900, updateMs: null }, null)).toEqual({ every: 3, fit: "update" });
});

test("as often as the person says, however long it takes", () => {
  expect(paceOf({ fullMs: 50, updateMs: 20 }, 7)).toEqual({ every: 7, fit: "full" });
  expect(paceOf({ fullMs: 9000, updateMs: 5000 }, 1)).toEqual({ every: 1, fit: "update" });
});
