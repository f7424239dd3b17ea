// The projector in WebAssembly against the plain one: the same sums, up to their order.

import { expect, test } from "vitest";
import { createRandom } from "../../src/core/random";
import { openProjector, plainProjector } from "../../workers/encoders/projection/projector";

test("adds up the same rows, also none at all, at each call anew", async () => {
  const random = createRandom(5);
  const [columns, dims] = [300, 12];
  const dense = Float32Array.from({ length: columns * dims }, () => random.normal());
  const project = await openProjector(dense, dims);
  const plainly = plainProjector(dense, dims);
  for (const count of [1, 40, 7]) {
    const rows = Array.from({ length: count }, (_, row) => {
      const entries = row % 5 === 0 ? 0 : random.integer(60);
      return {
        indices: Uint32Array.from({ length: entries }, () => random.integer(columns)),
        values: Float32Array.from({ length: entries }, () => random.normal()),
      };
    });
    const [found, wanted] = [project(rows), plainly(rows)];
    expect(found.length).toBe(count * dims);
    found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 4));
  }
});
