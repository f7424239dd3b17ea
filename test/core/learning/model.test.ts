// Models of every kind: answers worked out on paper, and the same from the kernels and from plain arithmetic.

import { describe, expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { scoresFromLogits } from "../../../src/core/kernels/scores";
import {
  denseLayersOf,
  linearLayerOf,
  modelLogits,
  scoreModel,
  shapeOf,
  type Model,
  type NearestModel,
} from "../../../src/core/learning/model";
import { createRandom } from "../../../src/core/random";
import { kernels } from "../make-pool";

const [dims, classes, labelled, rows] = [5, 3, 12, 20];
const random = createRandom(8);
const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
const layer = (from: number, to: number) => ({
  dims: from,
  classes: to,
  weights: normals(from * to),
  bias: normals(to),
});
const pool = normals(rows * dims);

const models: readonly Model[] = (["softmax", "sigmoid"] as const).flatMap((activation): Model[] => [
  { kind: "linear", layer: layer(dims, classes), activation },
  { kind: "mlp", hidden: layer(dims, 7), output: layer(7, classes), activation },
  {
    kind: "k-nearest",
    k: 4,
    dims,
    classes,
    places: Uint32Array.from({ length: labelled }, (_, at) => at),
    features: pool.slice(0, labelled * dims),
    targets: Uint8Array.from({ length: labelled * classes }, (_, at) =>
      Number(at % classes === Math.floor(at / classes) % classes),
    ),
    temperature: 1.7,
    activation,
  },
]);

describe.each(models.map((model) => [model.kind, model.activation, model] as const))(
  "%s, %s",
  (_, activation, model) => {
    test("says the same through the kernels as in plain arithmetic", async () => {
      const matrix = await kernels.upload(pool, rows, dims);
      const scores = await scoreModel(model, matrix, kernels, null);
      const plain = scoresFromLogits(modelLogits(model, pool, rows), rows, classes, activation);
      for (const name of ["probabilities", "margin", "entropy", "leastConfidence"] as const)
        plain[name].forEach((value, at) => expect(scores[name][at]).toBeCloseTo(value, 5));
      expect(shapeOf(model)).toEqual({ dims, classes });
    });
  },
);

test("what is not linear is stopped when told to", async () => {
  const matrix = await kernels.upload(pool, rows, dims);
  for (const model of models.filter(({ kind }) => kind !== "linear"))
    await expect(scoreModel(model, matrix, kernels, { aborted: true })).rejects.toThrow(Stopped);
});

test("a perceptron cuts what is negative", () => {
  const model: Model = {
    kind: "mlp",
    hidden: { dims: 1, classes: 2, weights: Float32Array.of(1, -1), bias: Float32Array.of(0, -1) },
    output: { dims: 2, classes: 2, weights: Float32Array.of(1, 0, 0, 3), bias: Float32Array.of(0.5, 0) },
    activation: "softmax",
  };
  // 2 → units 2 and 0 → logits 2.5 and 0. −3 → units 0 and 2 → logits 0.5 and 6.
  expect([...modelLogits(model, Float32Array.of(2, -3), 2)]).toEqual([2.5, 0, 0.5, 6]);
});

describe("the nearest", () => {
  const base: NearestModel = {
    kind: "k-nearest",
    k: 2,
    dims: 2,
    classes: 2,
    places: Uint32Array.of(3, 5, 8),
    features: Float32Array.of(1, 0, 0.5, 0, 0, 1),
    targets: Uint8Array.of(1, 0, 0, 1, 0, 1),
    temperature: 1,
    activation: "softmax",
  };
  const probabilitiesOf = (model: NearestModel, ...x: number[]) =>
    scoresFromLogits(
      modelLogits(model, Float32Array.from(x), x.length / 2),
      x.length / 2,
      2,
      model.activation,
    ).probabilities;

  test("vote with the cube of their likeness, beside one vote of the classes' shares", () => {
    // (1, 0): weights 1 and ⅛ against shares ⅓ and ⅔. (0, 1): one vote of weight 1; the next has weight 0.
    const found = probabilitiesOf(base, 1, 0, 0, 1);
    const expected = [(1 + 1 / 3) / 2.125, (1 / 8 + 2 / 3) / 2.125, 1 / 3 / 2, (1 + 2 / 3) / 2];
    expected.forEach((p, at) => expect(found[at]).toBeCloseTo(p, 6));
  });

  test("of equal ones the earlier is taken", () => {
    const twins = { ...base, k: 1, features: Float32Array.of(1, 0, 1, 0, 1, 0) };
    expect(probabilitiesOf(twins, 1, 0)[0]).toBeCloseTo((1 + 1 / 3) / 2, 6);
  });

  test("fewer labels than neighbours wanted is no trouble", () => {
    const found = probabilitiesOf({ ...base, k: 9 }, 1, 0);
    expect(found[0]).toBeCloseTo((1 + 1 / 3) / 2.125, 6);
  });

  test("the temperature divides the logits, and yes or no is asked of each class", () => {
    const cool = probabilitiesOf({ ...base, temperature: 0.5 }, 1, 0);
    const odds = ((1 + 1 / 3) / (1 / 8 + 2 / 3)) ** 2;
    expect(cool[0]).toBeCloseTo(odds / (odds + 1), 6);
    const each = probabilitiesOf({ ...base, activation: "sigmoid" }, 1, 0);
    expect(each[0]).toBeCloseTo((1 + 1 / 3) / 2.125, 6);
  });
});

test("only layers are given out as layers", () => {
  const [linear, mlp, nearest] = models as [Model, Model, Model];
  expect(linearLayerOf(linear)).toBe(denseLayersOf(linear)?.[0]);
  expect(denseLayersOf(mlp)).toHaveLength(2);
  expect([linearLayerOf(mlp), linearLayerOf(nearest), denseLayersOf(nearest)]).toEqual([null, null, null]);
  expect(linearLayerOf(null)).toBeNull();
});
