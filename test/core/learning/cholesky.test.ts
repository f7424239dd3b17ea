// The factor and its inverse against products written out.

import { expect, test } from "vitest";
import { cholesky, transposedInverse } from "../../../src/core/learning/cholesky";
import { createRandom } from "../../../src/core/random";

test("a factor known by hand", () => {
  expect([...cholesky(Float64Array.of(4, 2, 2, 5), 2)]).toEqual([2, 0, 1, 2]);
  expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
});

test("the inverse's transpose times its own transpose is the inverse of the matrix", () => {
  const size = 7;
  const random = createRandom(2);
  const half = Array.from({ length: size * size }, () => random.normal());
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    let sum = row === column ? 0.5 : 0;
    for (let k = 0; k < size; k++) sum += half[row * size + k]! * half[column * size + k]!;
    return sum;
  });
  const root = transposedInverse(cholesky(matrix.slice(), size), size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let k = 0; k < size; k++)
        for (let j = 0; j < size; j++)
          sum += matrix[row * size + k]! * root[k * size + j]! * root[column * size + j]!;
      expect(sum).toBeCloseTo(Number(row === column), 9);
    }
  }
});
