// All measures of small hold-outs by hand, and how often their intervals hold the truth.

import { describe, expect, test } from "vitest";
import type { ClassId } from "../../../src/core/ids";
import { measureInFull, type FullEvaluation, type Predicted } from "../../../src/core/evaluation/measures";
import { createRandom, type Random } from "../../../src/core/random";

const ids = ["a", "b", "c"] as ClassId[];
const valueOf = (found: FullEvaluation, id: string) => found.measures.find((one) => one.id === id)!.estimate;

describe("one class an item", () => {
  const predicted: Predicted = {
    classIds: ids,
    probabilities: [0.8, 0.1, 0.1, 0.6, 0.3, 0.1, 0.3, 0.6, 0.1, 0.1, 0.8, 0.1, 0.1, 0.5, 0.4],
    truth: [[0], [0], [0], [1], [2]],
    decided: [[0], [0], [1], [1], [1]],
  };
  const found = measureInFull(predicted, "single", createRandom(1));

  test.each([
    ["accuracy", 3 / 5],
    ["macro-f1", (0.8 + 0.5 + 0) / 3],
    ["macro-precision", (1 + 1 / 3 + 0) / 3],
    ["balanced-accuracy", (2 / 3 + 1 + 0) / 3],
    // a: 6 of 6 pairs; b: 4 of 4; c: 0.4 above four 0.1: 4 of 4.
    ["auc", 1],
    ["log-loss", -Math.log(0.8 * 0.6 * 0.3 * 0.8 * 0.4) / 5],
    // One group of five: confidences 0.8, 0.6, 0.6, 0.8, 0.5 and 3 right.
    ["calibration-error", Math.abs(3.3 - 3) / 5],
  ])("%s", (id, value) => {
    expect(valueOf(found, id).value).toBeCloseTo(value, 10);
  });

  test("each has an interval around its value, the same again with the same seed", () => {
    for (const { estimate } of found.measures) {
      expect(estimate.low).toBeLessThanOrEqual(estimate.value);
      expect(estimate.high).toBeGreaterThanOrEqual(estimate.value);
    }
    expect(measureInFull(predicted, "single", createRandom(1))).toEqual(found);
  });

  test("by class, with nothing where there is nothing to go by", () => {
    const [a, b, c] = found.perClass;
    expect(a).toMatchObject({ classId: "a", support: 3, precision: { value: 1, count: 2 } });
    expect(a!.recall!.value).toBeCloseTo(2 / 3, 12);
    expect(b!.f1!.value).toBeCloseTo(0.5, 12);
    expect(c).toMatchObject({ support: 1, precision: null, recall: { value: 0 }, f1: { value: 0 } });
  });
});

test("several classes an item", () => {
  const found = measureInFull(
    {
      classIds: ids,
      probabilities: [0.9, 0.8, 0.1, 0.7, 0.2, 0.6, 0.1, 0.1, 0.1, 0.2, 0.4, 0.3],
      truth: [[0, 1], [0], [], [1]],
      decided: [[0, 1], [0, 2], [], []],
    },
    "multiple",
    createRandom(1),
  );
  expect(valueOf(found, "accuracy").value).toBe(0.5);
  expect(valueOf(found, "hamming").value).toBeCloseTo(10 / 12, 12);
  // 3 hits, 4 true, 4 claimed.
  expect(valueOf(found, "micro-f1").value).toBeCloseTo(6 / 8, 12);
  expect(valueOf(found, "macro-f1").value).toBeCloseTo((1 + 2 / 3 + 0) / 3, 12);
  expect(valueOf(found, "macro-recall").value).toBeCloseTo((1 + 1 / 2) / 2, 12);
  // a and b rank all pairs right; c has no item.
  expect(valueOf(found, "auc").value).toBe(1);
  const right = [0.9, 0.8, 0.9, 0.7, 0.8, 0.4, 0.9, 0.9, 0.9, 0.8, 0.4, 0.7];
  const loss = right.reduce((sum, one) => sum - Math.log(one), 0) / 12;
  expect(valueOf(found, "log-loss").value).toBeCloseTo(loss, 12);
});

test("an empty hold-out says so in every interval", () => {
  const found = measureInFull(
    { classIds: ids, probabilities: [], truth: [], decided: [] },
    "single",
    createRandom(1),
  );
  expect(found.count).toBe(0);
  expect(valueOf(found, "accuracy")).toEqual({ value: 0, low: 0, high: 1, count: 0 });
});

describe("intervals over 200 hold-outs of 120 items from a world that is known", () => {
  /** A head that is calibrated but for a factor on its logits, on classes of different size. */
  const draw = (random: Random, items: number): Predicted => {
    const probabilities: number[] = [];
    const truth: number[][] = [];
    const decided: number[][] = [];
    for (let item = 0; item < items; item++) {
      const logits = [0.9 + random.normal(), 0.3 + random.normal(), random.normal()].map((one) => 1.3 * one);
      const shares = (scale: number) => {
        const powers = logits.map((one) => Math.exp(scale * one));
        const total = powers.reduce((sum, one) => sum + one, 0);
        return powers.map((one) => one / total);
      };
      const real = shares(1);
      const at = random.next();
      truth.push([at < real[0]! ? 0 : at < real[0]! + real[1]! ? 1 : 2]);
      const said = shares(1.4);
      probabilities.push(...said);
      decided.push([said.indexOf(Math.max(...said))]);
    }
    return { classIds: ids, probabilities, truth, decided };
  };
  const world = measureInFull(draw(createRandom(99), 30_000), "single", createRandom(1));
  const runs = 200;
  const held = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const found = measureInFull(draw(createRandom(1000 + run), 120), "single", createRandom(run));
    const look = (id: string, low: number, high: number, truth: number) =>
      held.set(id, (held.get(id) ?? 0) + (low <= truth && truth <= high ? 1 : 0));
    for (const { id, estimate } of found.measures)
      look(id, estimate.low, estimate.high, valueOf(world, id).value);
    found.perClass.forEach(({ precision, recall, f1, auc }, at) => {
      const real = world.perClass[at]!;
      for (const [name, one, truth] of [
        ["precision", precision, real.precision],
        ["recall", recall, real.recall],
        ["f1", f1, real.f1],
        ["class auc", auc, real.auc],
      ] as const)
        look(`${name} ${at}`, one?.low ?? 0, one?.high ?? 1, truth!.value);
    });
  }

  // Of 200, 95% is 190 with a standard deviation of 3.1; three of them and a point for the methods' own error.
  test.each([...held])("%s: %i of 200 hold the truth", (_, times) => {
    expect(times / runs).toBeGreaterThan(0.9);
  });
});
