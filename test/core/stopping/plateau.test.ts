// Two heads on the same items, compared item by item.

import { expect, test } from "vitest";
import { judge } from "../make-history";

/** Right on the first `hits` of `items`. */
const head = (trainCount: number, hits: number, items = 100) => ({
  trainCount,
  right: Array.from({ length: items }, (_, at) => (at < hits ? 1 : 0)),
});

test("a gain of 20 points is none of chance", () => {
  const verdict = judge("plateau", { heads: [head(50, 60), head(100, 80)] });
  expect(verdict.says).toBe("go on");
  // 20 ± 1.96 · √(0.2 · 0.8 / 100)
  expect(verdict.reason).toContain("The last 50 labels brought 20.0 points (12.2 to 27.8)");
});

test("no gain at all, and a loss, are a plateau", () => {
  expect(judge("plateau", { heads: [head(50, 80), head(100, 80)] }).says).toBe("stop");
  expect(judge("plateau", { heads: [head(50, 80), head(100, 78)] }).says).toBe("stop");
});

test("a gain that chance could make, but worth having, is none", () => {
  // 2 ± 2.7 points: the interval holds 0, the gain is above the one point asked for.
  expect(judge("plateau", { heads: [head(50, 78), head(100, 80)] }).says).toBe("go on");
  expect(judge("plateau", { heads: [head(50, 78), head(100, 80)] }, { gain: 5 }).says).toBe("stop");
});

test("the head compared with is the newest that is far enough back", () => {
  const heads = [head(10, 10), head(50, 60), head(80, 79), head(100, 80)];
  expect(judge("plateau", { heads }).reason).toMatch(/^The last 50 labels/);
});

test.each([[[]], [[head(100, 80)]], [[head(90, 80), head(100, 80)]], [[head(10, 8, 20), head(100, 8, 20)]]])(
  "too early: %#",
  (heads) => {
    expect(judge("plateau", { heads }).says).toBe("too early");
  },
);
