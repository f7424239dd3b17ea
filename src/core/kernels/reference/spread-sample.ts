// k-means++ seeding, plainly: on the rows themselves, and on BADGE's gradient embeddings.

import { throwIfExhausted, throwIfStopped, type StopSignal } from "../../errors";
import { gumbel } from "../gumbel";
import { coincidence } from "../kernels";
import { ascending, innerProduct, squaredDistance, type HostMatrix } from "./host-matrix";

export function spreadSample(
  matrix: HostMatrix,
  candidates: Uint32Array,
  centres: Uint32Array,
  count: number,
  seed: number,
  stop: StopSignal | null,
): Uint32Array {
  throwIfExhausted(count, candidates.length);
  const left = ascending(candidates);
  const between = (row: number, other: number) => squaredDistance(matrix, row, other);
  const weights = left.map((row) => {
    // Without centres every row weighs the same.
    let least = centres.length === 0 ? 1 : Infinity;
    for (const centre of centres) least = Math.min(least, between(row, centre));
    return least;
  });
  return drawSpread({ left, weights, between, uniformFirst: centres.length === 0 }, count, seed, stop);
}

export function gradientSample(
  matrix: HostMatrix,
  probabilities: Float32Array,
  classes: number,
  candidates: Uint32Array,
  count: number,
  seed: number,
  stop: StopSignal | null,
): Uint32Array {
  throwIfExhausted(count, candidates.length);
  if (probabilities.length !== matrix.rows * classes)
    throw new RangeError(`${probabilities.length} probabilities do not make ${matrix.rows} rows.`);
  const residuals = residualsOf(probabilities, matrix.rows, classes);
  const product = (row: number, other: number) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += residuals[row * classes + c]! * residuals[other * classes + c]!;
    return sum * innerProduct(matrix, row, other);
  };
  const between = (row: number, other: number) => {
    const norms = product(row, row) + product(other, other);
    const squared = norms - 2 * product(row, other);
    return squared <= coincidence * norms ? 0 : squared;
  };
  const left = ascending(candidates);
  if (count === 0) return new Uint32Array(0);
  const norms = left.map((row) => product(row, row));
  let first = 0;
  norms.forEach((value, at) => (first = value > norms[first]! ? at : first));
  const [row] = left.splice(first, 1);
  const weights = left.map((other) => between(other, row!));
  const rest = drawSpread({ left, weights, between, uniformFirst: false }, count - 1, seed, stop, 1);
  return Uint32Array.of(row!, ...rest);
}

interface Spread {
  /** Rows not drawn yet, ascending; used up. */
  readonly left: number[];
  /** What each is drawn in proportion to. */
  readonly weights: number[];
  readonly between: (row: number, other: number) => number;
  /** The first draw ignores distances, so that the second starts from its distance alone. */
  readonly uniformFirst: boolean;
}

function drawSpread(
  { left, weights, between, uniformFirst }: Spread,
  count: number,
  seed: number,
  stop: StopSignal | null,
  firstDraw = 0,
): Uint32Array {
  const rows = new Uint32Array(count);
  for (let turn = 0; turn < count; turn++) {
    throwIfStopped(stop);
    const draw = firstDraw + turn;
    const keys = left.map((row, at) =>
      weights[at]! > 0 ? Math.log(weights[at]!) + gumbel(seed, draw, row) : -Infinity,
    );
    let best = 0;
    keys.forEach((key, at) => (best = key > keys[best]! ? at : best));
    const row = (rows[turn] = left[best]!);
    left.splice(best, 1);
    weights.splice(best, 1);
    left.forEach((other, at) => {
      const distance = between(other, row);
      weights[at] = uniformFirst && turn === 0 ? distance : Math.min(weights[at]!, distance);
    });
  }
  return rows;
}

/** p − e_ŷ, rows × classes; the likeliest class ŷ is the first of equals. */
function residualsOf(probabilities: Float32Array, rows: number, classes: number): Float64Array {
  const residuals = Float64Array.from(probabilities);
  for (let row = 0; row < rows; row++) {
    let likeliest = row * classes;
    for (let at = likeliest; at < (row + 1) * classes; at++)
      if (probabilities[at]! > probabilities[likeliest]!) likeliest = at;
    if (classes > 0) residuals[likeliest]! -= 1;
  }
  return residuals;
}
