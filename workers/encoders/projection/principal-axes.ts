// Finds the directions in which a sample of dense feature rows varies most (principal component analysis), from the
// inner products of the rows: there are fewer rows than features.

import type { Random } from "../../../src/core/random";
import type { Algebra } from "./algebra";
import type { DenseAlgebra } from "./dense-algebra";
import type { Pace } from "./pacing";
import { truncatedSvd } from "./truncated-svd";

/** Inner products fall off with the square of the strengths, so few passes follow the strongest exactly. */
const ITERATIONS = 2;
/**
 * Share of a plain random projection mixed in, relative to the length of a learnt row: far too small to be seen
 * beside learnt features, yet it keeps apart items that consist of features the sample never showed.
 */
const RANDOM_SHARE = 0.05;
/** Rows compared, and features turned, between two chances to pause. */
const BLOCK = 64;

/**
 * `length` × `dims`, row-major: multiply a feature row by it to get the row's place along the axes, which keep their
 * own spreads (evening them out measured worse: CIFAR-10 and Fashion-MNIST lose 2 to 3 points at 100 labels). Works for any
 * number of rows, none included (then it is a random projection). Deterministic under `random`.
 * @param rows each of `length` numbers, one after the other.
 */
export async function principalAxes(
  rows: Float32Array,
  length: number,
  dims: number,
  random: Random,
  dense: DenseAlgebra,
  algebra: Algebra,
  pace: Pace,
): Promise<Float32Array> {
  const count = rows.length / length;
  const axes = new Float32Array(length * dims);
  if (count > 0) {
    const products = await innerProducts(rows, length, dense, pace);
    const { axes: places, strengths } = await truncatedSvd(
      asSparse(products, count),
      dims,
      ITERATIONS,
      random.fork("directions"),
      algebra,
      pace,
    );
    for (let dim = 0; dim < dims; dim++) {
      if (strengths[dim]! <= 0) continue;
      const scale = 1 / Math.sqrt(strengths[dim]!);
      for (let row = 0; row < count; row++) places[row * dims + dim]! *= scale;
    }
    await spread(rows, length, places, dims, axes, dense, pace);
  }
  const noise = RANDOM_SHARE / Math.sqrt(length);
  for (let at = 0; at < axes.length; at++) axes[at]! += random.next() < 0.5 ? noise : -noise;
  return axes;
}

/** rows × rows. */
async function innerProducts(
  rows: Float32Array,
  length: number,
  dense: DenseAlgebra,
  pace: Pace,
): Promise<Float32Array> {
  const count = rows.length / length;
  const products = new Float32Array(count * count);
  for (let first = 0; first < count; first += BLOCK) {
    const block = rows.subarray(first * length, (first + BLOCK) * length);
    const columns = block.length / length;
    dense.holdRows(block, length);
    for (let from = first; from < count; from += BLOCK) {
      const found = dense.multiply(rows.subarray(from * length, (from + BLOCK) * length));
      for (let row = 0; row < found.length / columns; row++)
        for (let column = 0; column < columns; column++) {
          const value = found[row * columns + column]!;
          products[(from + row) * count + first + column] = value;
          products[(first + column) * count + from + row] = value;
        }
      await pace();
    }
  }
  return products;
}

function asSparse(values: Float32Array, size: number) {
  return {
    rows: size,
    columns: size,
    offsets: Uint32Array.from({ length: size + 1 }, (_, row) => row * size),
    indices: Uint32Array.from(values, (_, at) => at % size),
    values,
  };
}

/** axes ← rowsᵀ · places. */
async function spread(
  rows: Float32Array,
  length: number,
  places: Float32Array,
  dims: number,
  axes: Float32Array,
  dense: DenseAlgebra,
  pace: Pace,
): Promise<void> {
  const count = rows.length / length;
  dense.hold(places, count, dims);
  for (let first = 0; first < length; first += BLOCK) {
    const columns = Math.min(BLOCK, length - first);
    const turned = new Float32Array(columns * count);
    for (let row = 0; row < count; row++)
      for (let column = 0; column < columns; column++)
        turned[column * count + row] = rows[row * length + first + column]!;
    axes.set(dense.multiply(turned), first * dims);
    await pace();
  }
}
