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
  overEmbeddings,
  readsTerms,
  type Model,
  type NearestModel,
  type TermModel,
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

// Every row has one term of four, the third of which has no weights.
const terms = {
  rows,
  columns: 4,
  offsets: Uint32Array.from({ length: rows + 1 }, (_, row) => row),
  indices: Uint16Array.from({ length: rows }, (_, row) => row % 4),
  values: new Float32Array(rows).fill(1),
};
const ofTerms = {
  baseShare: 0.4,
  terms: {
    columns: 4,
    classes,
    known: Uint16Array.of(0, 1, 3),
    weights: normals(3 * classes),
    bias: normals(classes),
  },
};

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
  {
    kind: "with-terms",
    base: { kind: "linear", layer: layer(dims, classes), activation },
    ...ofTerms,
    activation,
  },
  {
    kind: "with-terms",
    base: { kind: "mlp", hidden: layer(dims, 7), output: layer(7, classes), activation },
    ...ofTerms,
    activation,
  },
]);

describe.each(models.map((model) => [model.kind, model.activation, model] as const))(
  "%s, %s",
  (_, activation, model) => {
    test("says the same through the kernels as in plain arithmetic", async () => {
      const matrix = await kernels.upload(pool, rows, dims);
      const scores = await scoreModel(model, matrix, kernels, null, terms);
      const plain = scoresFromLogits(modelLogits(model, pool, rows, terms), rows, classes, activation);
      for (const name of ["probabilities", "margin", "entropy", "leastConfidence"] as const)
        plain[name].forEach((value, at) => expect(scores[name][at]).toBeCloseTo(value, 5));
      expect(shapeOf(model)).toEqual({ dims, classes });
    });
  },
);

test("what is not linear is stopped when told to", async () => {
  const matrix = await kernels.upload(pool, rows, dims);
  for (const model of models.filter(({ kind }) => kind === "mlp" || kind === "k-nearest"))
    await expect(scoreModel(model, matrix, kernels, { aborted: true })).rejects.toThrow(Stopped);
});

describe("a model that reads terms", () => {
  const layer = { dims: 1, classes: 2, weights: Float32Array.of(1, -1), bias: Float32Array.of(0, 2) };
  const model: TermModel = {
    kind: "with-terms",
    base: { kind: "linear", layer, activation: "softmax" },
    baseShare: 0.5,
    terms: {
      columns: 3,
      classes: 2,
      known: Uint16Array.of(0, 2),
      weights: Float32Array.of(10, 0, 0, 20),
      bias: Float32Array.of(0, 1),
    },
    activation: "softmax",
  };
  const rows = {
    rows: 2,
    columns: 3,
    offsets: Uint32Array.of(0, 2, 3),
    indices: Uint16Array.of(0, 1, 2),
    values: Float32Array.of(0.5, 1, 1),
  };

  test("adds half of what its base says to what the terms say, terms without weights nothing", () => {
    // Base 4 and -2, of the second row 0 and 2.
    expect([...modelLogits(model, Float32Array.of(4, 0), 2, rows)]).toEqual([2 + 5, -1 + 1, 0, 1 + 1 + 20]);
  });

  test("says so where there are no terms, or other ones", () => {
    expect(() => modelLogits(model, Float32Array.of(4, 0), 2, null)).toThrow(
      /words this model reads are not stored/,
    );
    expect(() => modelLogits(model, Float32Array.of(4), 1, rows)).toThrow(/not stored for these items/);
    expect(() => modelLogits(model, Float32Array.of(4, 0), 2, { ...rows, columns: 5 })).toThrow(/3 terms/);
  });

  test("is started from, and used without terms, by its base", () => {
    expect(linearLayerOf(model)).toBe(layer);
    expect(overEmbeddings(model)).toBe(model.base);
    expect(readsTerms(model)).toBe(true);
    expect(readsTerms(model.base)).toBe(false);
  });
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
