// Metrics of small hold-outs worked out by hand.

import { expect, test } from "vitest";
import type { ClassId } from "../../../src/core/ids";
import { evaluate, type Judged } from "../../../src/core/evaluation/metrics";
import { createRandom } from "../../../src/core/random";

const ids = ["a", "b", "c"] as ClassId[];
const single = (...pairs: [number, number][]): Judged[] =>
  pairs.map(([truth, predicted]) => ({ truth: [truth], predicted: [predicted] }));
const singleOf = (judged: Judged[], seed = 1) => evaluate(judged, ids, "single", createRandom(seed));

test("one class an item", () => {
  // a: 3 true, 2 hit, 2 claimed. b: 1 true, 1 hit, 3 claimed. c: 1 true, none hit, none claimed.
  const found = singleOf(single([0, 0], [0, 0], [0, 1], [1, 1], [2, 1]));
  expect(found.count).toBe(5);
  expect(found.accuracy.value).toBeCloseTo(3 / 5, 12);
  expect(found.perClass).toEqual([
    { classId: "a", support: 3, precision: 1, recall: 2 / 3, f1: 4 / 5 },
    { classId: "b", support: 1, precision: 1 / 3, recall: 1, f1: 1 / 2 },
    { classId: "c", support: 1, precision: 0, recall: 0, f1: 0 },
  ]);
  expect(found.macroF1.value).toBeCloseTo((0.8 + 0.5 + 0) / 3, 12);
  expect(found.confusion).toEqual([2, 1, 0, 0, 1, 0, 0, 1, 0]);
});

test("macro F1 leaves out classes that neither truth nor prediction knows", () => {
  expect(singleOf(single([0, 0], [1, 1])).macroF1.value).toBe(1);
  // Claimed once, wrongly, is enough to count.
  expect(singleOf(single([0, 0], [1, 2])).macroF1.value).toBeCloseTo(1 / 3, 12);
});

test("several classes an item: accuracy wants the whole set right", () => {
  const judged: Judged[] = [
    { truth: [0, 1], predicted: [1, 0] },
    { truth: [0], predicted: [0, 2] },
    { truth: [], predicted: [] },
    { truth: [1], predicted: [] },
  ];
  const found = evaluate(judged, ids, "multiple", createRandom(1));
  expect(found.accuracy.value).toBe(0.5);
  expect(found.perClass).toEqual([
    { classId: "a", support: 2, precision: 1, recall: 1, f1: 1 },
    { classId: "b", support: 2, precision: 1, recall: 0.5, f1: 2 / 3 },
    { classId: "c", support: 0, precision: 0, recall: 0, f1: 0 },
  ]);
  expect(found.macroF1.value).toBeCloseTo((1 + 2 / 3 + 0) / 3, 12);
  expect(found.confusion).toEqual([]);
});

test("items without classes, rightly left without, are all right", () => {
  const found = evaluate([{ truth: [], predicted: [] }], ids, "multiple", createRandom(1));
  expect(found.accuracy.value).toBe(1);
  expect(found.macroF1.value).toBe(1);
});

test("the interval of macro F1 is seeded, holds the value and has width where items differ", () => {
  const judged = single(
    ...Array.from({ length: 60 }, (_, at) => [at % 3, at % 4 ? at % 3 : 0] as [number, number]),
  );
  const { macroF1 } = singleOf(judged, 5);
  expect(singleOf(judged, 5).macroF1).toEqual(macroF1);
  expect(singleOf(judged, 6).macroF1).not.toEqual(macroF1);
  expect(macroF1.low).toBeLessThan(macroF1.value);
  expect(macroF1.high).toBeGreaterThan(macroF1.value);
  expect(macroF1.high - macroF1.low).toBeLessThan(0.4);
});
