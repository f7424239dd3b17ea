// Measuring an earlier head again, by figures small enough to work out on paper.

import { describe, expect, it } from "vitest";
import type { ClassId } from "../../../src/core/ids";
import { createRandom } from "../../../src/core/random";
import { remeasure } from "../../../src/core/evaluation/remeasure";

const [cat, dog, owl] = ["cat", "dog", "owl"] as [ClassId, ClassId, ClassId];
/** Says cat where the first number is the larger, dog where the second is. */
const head = {
  classIds: [cat, dog],
  model: {
    kind: "linear" as const,
    layer: { dims: 2, classes: 2, weights: Float32Array.of(1, 0, 0, 1), bias: Float32Array.of(0, 0) },
    activation: "softmax" as const,
  },
};
const values = Float32Array.of(1, 0, 0, 1, 0.9, 0.1, 0.2, 0.8);

describe("remeasure", () => {
  it("counts what the head gets right of today's hold-out", () => {
    const holdOut = [0, 1, 2, 3].map((row) => ({ row, classes: [row === 3 ? 0 : row % 2] }));
    const yardstick = { classIds: [cat, dog], holdOut, answerMode: "single" as const };
    const { evaluation, right } = remeasure(head, yardstick, values, createRandom(1));
    const { accuracy, confusion } = evaluation;
    expect(right).toEqual([1, 1, 1, 0]);
    expect(accuracy.value).toBe(3 / 4);
    expect(confusion).toEqual([2, 1, 0, 1]);
  });

  it("finds classes by identity when their order changed and some came or went", () => {
    const yardstick = {
      classIds: [owl, dog],
      holdOut: [
        { row: 0, classes: [0] },
        { row: 1, classes: [1] },
      ],
      answerMode: "single" as const,
    };
    const { accuracy, confusion } = remeasure(head, yardstick, values, createRandom(1)).evaluation;
    // The head never heard of owls and may not say cat any more, so it says dog both times.
    expect(confusion).toEqual([0, 1, 0, 1]);
    expect(accuracy.value).toBe(1 / 2);
  });

  it("takes every class likelier than not where an item may have several", () => {
    const layer = { ...head.model.layer, bias: Float32Array.of(0, -0.5) };
    const both = { ...head, model: { ...head.model, layer, activation: "sigmoid" as const } };
    const yardstick = {
      classIds: [cat, dog],
      holdOut: [
        { row: 1, classes: [0, 1] },
        { row: 0, classes: [1] },
      ],
      answerMode: "multiple" as const,
    };
    // Row 1: cat 0, dog 0.5. Row 0: cat 1, dog -0.5.
    expect(remeasure(both, yardstick, values, createRandom(1)).evaluation.accuracy.value).toBe(1 / 2);
  });
});
