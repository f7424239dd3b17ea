// Expected error reduction: an answer in the middle of many doubtful rows settles more than one to the side.

import { expect, test } from "vitest";
import { cholesky, transposedInverse } from "../../../src/core/learning/cholesky";
import { createRandom } from "../../../src/core/random";
import { lookAhead } from "../../../src/core/selection/look-ahead";
import { strategy } from "../../../src/core/strategies/expected-error-reduction";
import { kernels, makePool, onCircle, selectRows } from "../make-pool";

test("asks where the answer settles most of the pool", async () => {
  // Six unlabelled rows around 90° and one at 180°; labelled ones at 0°.
  const points = [0, 86, 88, 90, 92, 94, 180].map(onCircle);
  const doubt = points.map((_, row) => (row === 0 ? [0.9, 0.1] : [0.5, 0.5]));
  const pool = await makePool(points, doubt, [1, 2, 3, 4, 5, 6], [0], [0]);
  const [first] = await selectRows(strategy, pool, 1);
  expect([1, 2, 3, 4, 5]).toContain(first);
});

test("the closed form is that of the ridge regression written out", async () => {
  const random = createRandom(2);
  const [rows, dims, ridge] = [7, 4, 0.3];
  const points = Array.from({ length: rows }, () => Array.from({ length: dims }, () => random.normal()));
  const pool = await makePool(points, null);
  const labelled = Uint32Array.of(0, 2, 5);
  const weights = Float64Array.of(1, 0.5, 2);
  // P = (λI + Σ w x xᵀ)⁻¹ by its Cholesky factor.
  const matrix = new Float64Array(dims * dims);
  for (let k = 0; k < dims; k++) matrix[k * dims + k] = ridge;
  labelled.forEach((row, at) => {
    for (let i = 0; i < dims; i++)
      for (let j = 0; j < dims; j++)
        matrix[i * dims + j]! += weights[at]! * points[row]![i]! * points[row]![j]!;
  });
  const root = transposedInverse(cholesky(matrix, dims), dims);
  const half = (row: number) =>
    Array.from({ length: dims }, (_, column) =>
      points[row]!.reduce((sum, x, k) => sum + x * root[k * dims + column]!, 0),
    );
  const through = (left: number, right: number) =>
    half(left).reduce((sum, one, k) => sum + one * half(right)[k]!, 0);
  const [left, right] = [Uint32Array.of(1, 3), Uint32Array.of(4, 6, 1)];
  const found = await lookAhead(pool, left, right, labelled, weights, ridge, { kernels });
  left.forEach((row, at) => {
    right.forEach((other, to) =>
      expect(found.products[at * right.length + to]).toBeCloseTo(through(row, other), 4),
    );
    labelled.forEach((other, to) =>
      expect(found.influence[at * 3 + to]).toBeCloseTo(through(row, other) * weights[to]!, 4),
    );
  });
});
