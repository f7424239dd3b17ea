// When a turn is due, of what kind, and when a look gives way to a newer answer.

import { expect, test } from "vitest";
import { TurnPlan } from "../../src/state/turn-plan";

const cost = (fitMs: number, restMs: number) => ({ fitMs, scoreMs: restMs, selectMs: 0 });

/** What is due after each of so many answers, each due turn being taken at once. */
function dues(plan: TurnPlan, answers: number, wanted: number | null = null) {
  return Array.from({ length: answers }, () => {
    const due = plan.answered(9, wanted);
    if (due) plan.began(due);
    return due;
  });
}

test("a look after every answer, and a round that is kept in place of every fifth", () => {
  const each = ["refresh", "refresh", "refresh", "refresh", "round"];
  expect(dues(new TurnPlan(), 10)).toEqual([...each, ...each]);
});

test("slow turns are fewer, and rounds are kept as often", () => {
  const plan = new TurnPlan();
  plan.took("full", cost(2000, 500));
  expect(plan.measured(null)).toEqual({ every: 2, fit: "update", ms: 500 });
  expect(dues(plan, 6)).toEqual([null, "refresh", null, "refresh", null, "round"]);
});

test("as the person says", () => {
  expect(dues(new TurnPlan(), 4, 2)).toEqual([null, "refresh", null, "refresh"]);
  expect(dues(new TurnPlan(), 14, 7).map((due, at) => (due ? [at + 1, due] : []))).toEqual(
    expect.arrayContaining([
      [7, "round"],
      [14, "round"],
    ]),
  );
});

test("a queue that runs low is filled whatever the pace", () => {
  expect(new TurnPlan().answered(3, 50)).toBe("refresh");
  expect(new TurnPlan().answered(4, 50)).toBeNull();
});

test("an update that did not help is counted at its own cost", () => {
  const plan = new TurnPlan();
  plan.took("full", cost(900, 100));
  expect(plan.pace(null)).toEqual({ every: 1, fit: "update" });
  plan.took("update", cost(900, 100));
  expect(plan.pace(null)).toEqual({ every: 4, fit: "update" });
});

test("two looks in a row give way, the third may finish, and none where the queue is low", () => {
  const plan = new TurnPlan();
  expect(plan.mayDrop(3)).toBe(false);
  for (let dropped = 0; dropped < 2; dropped++) {
    expect(plan.mayDrop(9)).toBe(true);
    plan.dropped();
  }
  expect(plan.mayDrop(9)).toBe(false);
  plan.took("full", cost(1, 1));
  expect(plan.mayDrop(9)).toBe(true);
});
