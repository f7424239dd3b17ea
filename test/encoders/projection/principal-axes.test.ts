// The axes of dense rows: the true ones, whichever way the products are taken.

import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/core/random";
import { openAlgebra, plainAlgebra } from "../../../workers/encoders/projection/algebra";
import { openDenseAlgebra, plainDenseAlgebra } from "../../../workers/encoders/projection/dense-algebra";
import { principalAxes } from "../../../workers/encoders/projection/principal-axes";

const [LENGTH, DIMS] = [90, 4];
const noWait = () => Promise.resolve();

/** Rows that vary by 9, 6, 3 and 1.5 along four of the features, and by 0.1 along all. */
function sample(count: number): Float32Array {
  const random = createRandom(4);
  return Float32Array.from({ length: count * LENGTH }, (_, at) => {
    const spread = [9, 6, 3, 1.5][at % LENGTH] ?? 0.1;
    return spread * random.normal();
  });
}

async function axesOf(rows: Float32Array, plain: boolean): Promise<Float32Array> {
  const dense = plain ? plainDenseAlgebra() : await openDenseAlgebra();
  const algebra = plain ? plainAlgebra() : await openAlgebra();
  return principalAxes(rows, LENGTH, DIMS, createRandom(2), dense, algebra, noWait);
}

describe("principal axes", () => {
  test("run along what varies most, the strongest first, with length 1", async () => {
    const axes = await axesOf(sample(201), false);
    for (const dim of [0, 1, 2, 3]) expect(Math.abs(axes[dim * DIMS + dim]!)).toBeGreaterThan(0.95);
    for (const dim of [0, 1, 2, 3]) {
      let squares = 0;
      for (let at = 0; at < LENGTH; at++) squares += axes[at * DIMS + dim]! ** 2;
      expect(squares).toBeCloseTo(1, 1);
    }
  });

  test.each([0, 1, 3, 70, 131])("are the same by the plain products, from %i rows", async (count) => {
    const [found, wanted] = [await axesOf(sample(count), false), await axesOf(sample(count), true)];
    expect(found.every(Number.isFinite)).toBe(true);
    found.forEach((value, at) => expect(Math.abs(value - wanted[at]!)).toBeLessThan(2e-3));
  });
});
