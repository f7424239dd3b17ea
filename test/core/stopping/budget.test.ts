// The planned number of labels: before it, at it, past it, and without one.

import { expect, test } from "vitest";
import { judge } from "../make-history";

const plan = { budget: 70, target: null };

test.each([
  [0, "go on", "You have given 0 of the 70 labels planned."],
  [69, "go on", "You have given 69 of the 70 labels planned."],
  [70, "stop", "You have given 70 labels; 70 were planned."],
  [80, "stop", "You have given 80 labels; 70 were planned."],
])("%i labels", (labels, says, reason) => {
  expect(judge("budget", { labels, plan })).toEqual({ says, reason });
});

test("nothing was planned", () => {
  expect(judge("budget", { labels: 500 }).says).toBe("not asked");
});
