// The products of refits in WebAssembly against the sums written out.

import { expect, test } from "vitest";
import { createRandom } from "../../src/core/random";
import { createLinearProducts } from "../../workers/compute/wasm/linear-products";

const random = createRandom(3);
const normals = (count: number) => Float64Array.from({ length: count }, () => random.normal());

test.each([
  [1, 1, 1],
  [2, 2, 4],
  [5, 3, 2],
  [7, 6, 5],
  [8, 5, 3],
  [33, 16, 10],
  [61, 31, 7],
])("%i rows of %i by %i", async (rows, dims, width) => {
  const products = await createLinearProducts();
  // Twice, with other features: what lay there before must not show.
  for (let turn = 0; turn < 2; turn++) {
    const features = Float32Array.from(normals(rows * dims));
    const point = normals(width * (dims + 1));
    const logits = new Float64Array(rows * width);
    products.fillLogits(features, rows, dims, width, point, logits);
    const residuals = normals(rows * width);
    const before = normals(point.length);
    const gradient = before.slice();
    products.addGradient(features, rows, dims, width, residuals, gradient);
    for (let column = 0; column < width; column++) {
      for (let row = 0; row < rows; row++) {
        let sum = point[width * dims + column]!;
        for (let k = 0; k < dims; k++) sum += features[row * dims + k]! * point[column * dims + k]!;
        expect(logits[row * width + column]).toBeCloseTo(sum, 12);
      }
      for (let k = 0; k <= dims; k++) {
        const at = k < dims ? column * dims + k : width * dims + column;
        let sum = before[at]!;
        for (let row = 0; row < rows; row++)
          sum += residuals[row * width + column]! * (k < dims ? features[row * dims + k]! : 1);
        expect(gradient[at]).toBeCloseTo(sum, 12);
      }
    }
  }
});
