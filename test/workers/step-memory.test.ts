// The float32 memory of fits in WebAssembly against core's.

import { expect, test } from "vitest";
import { createStepMemory } from "../../src/core/learning/step-memory";
import { createRandom } from "../../src/core/random";
import { createLinearProducts } from "../../workers/compute/wasm/linear-products";

const random = createRandom(4);

/** Places on the way down a bowl ½ Σ scale_i x_i². */
function place(length: number) {
  const point = Float64Array.from({ length }, () => random.normal());
  return { point, gradient: point.map((x, at) => x * (1 + (at % 7))), value: 0 };
}

test.each([
  [1, 2],
  [5, 3],
  [16, 4],
  [101, 20],
])("%i variables, %i steps", async (length, most) => {
  const products = await createLinearProducts();
  // Twice: what lay there before must not show.
  for (let turn = 0; turn < 2; turn++) {
    const plain = createStepMemory(length, most);
    const fast = products.openStepMemory!(length, most);
    let from = place(length);
    for (let step = 0; step < most + 3; step++) {
      const [one, other] = [plain.direction(from.gradient), fast.direction(from.gradient)];
      const size = Math.hypot(...one);
      one.forEach((value, at) => expect(Math.abs(other[at]! - value)).toBeLessThan(1e-4 * size));
      const to = place(length);
      plain.add(from, to);
      fast.add(from, to);
      expect(fast.size).toBe(plain.size);
      expect(fast.size).toBe(Math.min(step + 1, most));
      from = to;
    }
    // A step that rounding turned around is not remembered.
    const back = { ...from, point: from.point.map((x) => x + 1), gradient: from.gradient.map((g) => g - 1) };
    const before = fast.size;
    fast.add(from, back);
    expect(fast.size).toBeLessThanOrEqual(before);
    fast.clear();
    expect(fast.size).toBe(0);
    fast.direction(from.gradient).forEach((one, at) => expect(one).toBeCloseTo(-from.gradient[at]!, 5));
  }
});
