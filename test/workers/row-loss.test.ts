// The float32 loss of fits in WebAssembly against core's in float64: along a line, and at the end of a fit.

import { describe, expect, test } from "vitest";
import { fitLayers, logitsOf } from "../../src/core/learning/fit-linear";
import { createLinearLoss, type LinearProblem } from "../../src/core/learning/linear-loss";
import { plainProducts } from "../../src/core/learning/linear-products";
import { createRowLoss, type RowProblem } from "../../src/core/learning/row-loss";
import { scoresFromLogits } from "../../src/core/kernels/scores";
import { createRandom } from "../../src/core/random";
import { createLinearProducts } from "../../workers/compute/wasm/linear-products";
import { clusters } from "../core/make-training";

const random = createRandom(12);
const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());
const shares = (count: number) => Float32Array.from({ length: count }, () => random.next() + 0.1);

function makeProblem(rows: number, dims: number, columns: number, members: number): RowProblem {
  const targets = shares(rows * columns);
  for (let row = 0; row < rows; row++) {
    const ofRow = targets.subarray(row * columns, (row + 1) * columns);
    const total = ofRow.reduce((sum, one) => sum + one, 0);
    ofRow.forEach((one, c) => (ofRow[c] = one / total));
  }
  const features = Float32Array.from(normals(rows * dims));
  const rowWeights = members > 1 || rows % 2 ? shares(rows * members) : undefined;
  return { features, rows, dims, columns, members, targets, rowWeights, activation: "softmax" };
}

test.each([
  [1, 1, 2, 1],
  [2, 3, 3, 1],
  [5, 4, 4, 2],
  [7, 9, 5, 3],
  [34, 16, 10, 1],
  [61, 31, 7, 2],
])("%i rows of %i, %i columns for each of %i", async (rows, dims, columns, members) => {
  const products = await createLinearProducts();
  // Twice, with another problem: what lay there before must not show.
  for (let turn = 0; turn < 2; turn++) {
    const problem = makeProblem(rows, dims, columns, members);
    const plain = createRowLoss(problem, plainProducts);
    const fast = products.openRowLoss!(problem)!;
    const length = columns * members * (dims + 1);
    const point = normals(length);
    plain.stand(point);
    fast.stand(point);
    for (const step of [0, 0.3, 1.7]) {
      const direction = normals(length);
      plain.face(direction);
      fast.face(direction);
      for (const probed of [step, step / 2]) {
        const [one, other] = [plain.probe(probed), fast.probe(probed)];
        const size = rows * members * dims;
        expect(Math.abs(other.value - one.value)).toBeLessThan(1e-5 * size);
        expect(Math.abs(other.slope - one.slope)).toBeLessThan(1e-5 * size);
        expect(Math.abs(other.curvature - one.curvature)).toBeLessThan(1e-5 * size * dims);
      }
      const before = normals(length);
      const [one, other] = [before.slice(), before.slice()];
      plain.advance(step, one);
      fast.advance(step, other);
      one.forEach((value, at) => expect(Math.abs(other[at]! - value)).toBeLessThan(1e-5 * rows));
    }
  }
});

test("a fit whose memory another has taken says so, and sigmoids are left to core", async () => {
  const products = await createLinearProducts();
  const first = products.openRowLoss!(makeProblem(3, 2, 2, 1))!;
  products.openRowLoss!(makeProblem(4, 2, 2, 1));
  expect(() => first.stand(normals(6))).toThrow(/Another fit/);
  expect(products.openRowLoss!({ ...makeProblem(3, 2, 2, 1), activation: "sigmoid" })).toBeNull();
});

describe.each([0.1, 10, 1000])("fits at strength %d", (c) => {
  test.each<[string, LinearProblem]>([
    ["clusters", clusters(300, 24, 6, 5)],
    ["few rows", clusters(12, 48, 3, 6)],
    ["members", { ...clusters(80, 12, 4, 7), members: 3, rowWeights: shares(240) }],
  ])("%s end where core's do, at a gradient that float64 calls small", async (_, problem) => {
    const products = await createLinearProducts();
    const options = { c, warm: null, stop: null };
    const plain = fitLayers(problem, "softmax", options);
    // Hardly held back, a loss is so flat that the tolerance of the fit leaves more open.
    const most = c === 1000 ? 3e-4 : 1e-4;
    const fast = fitLayers({ ...problem, products }, "softmax", options);
    expect(fast.converged).toBe(true);
    const { rows, features, classes, dims, members = 1 } = problem;
    const all = Array.from({ length: classes }, (__, at) => at);
    const width = classes * members;
    const point = new Float64Array(width * (dims + 1));
    fast.layers.forEach((layer, member) => {
      for (let column = 0; column < classes; column++) {
        const at = member * classes + column;
        for (let k = 0; k < dims; k++) point[at * dims + k] = layer.weights[k * classes + column]!;
        point[width * dims + at] = layer.bias[column]!;
      }
      const byPlain = logitsOf(plain.layers[member]!, features, rows);
      const byFast = logitsOf(layer, features, rows);
      const expected = scoresFromLogits(byPlain, rows, classes, "softmax").probabilities;
      const found = scoresFromLogits(byFast, rows, classes, "softmax").probabilities;
      found.forEach((one, at) => expect(Math.abs(one - expected[at]!)).toBeLessThan(most));
    });
    const gradient = new Float64Array(point.length);
    createLinearLoss(problem, all, "softmax", c).evaluate(point, gradient);
    for (const one of gradient) expect(Math.abs(one)).toBeLessThan(2e-6);
  });
});
