// The softmax loss of a fit at a step along a line, with two derivatives, in float32 four classes at a time; sums over
// the rows are float64. Rows of logits are as in ./lines.ts.

import { sumOf } from "./floats";
import { exp4, lanesBelow } from "./scores";

/** Products below e^−80 of the largest are taken as that: smaller ones would be subnormal, and slow. */
const lowest: f32 = -80;
/** What is below every logit. */
const nothing: f32 = -f32.MAX_VALUE;
/** Of as many rows as it takes to come near the end of float64's range. */
const mostProduct: f64 = 1e250;

declare function log(x: f64): f64;

function highestOf(value: v128): f32 {
  const pairs = f32x4.max(value, v128.shuffle<f32>(value, value, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/**
 * Σ weight · (ln Σ exp z − Σ t z) over rows and members with z = logits + step · slopes, and two derivatives by the
 * step; and weight · (softmax z − t) of every row.
 * @param targets rows × `padded`, the same for all members, 0 behind the columns.
 * @param weights rows × members.
 * @param found three float64: value, slope, curvature.
 */
export function probeSoftmax(
  rows: i32,
  columns: i32,
  members: i32,
  padded: i32,
  step: f32,
  logits: usize,
  slopes: usize,
  targets: usize,
  weights: usize,
  residuals: usize,
  found: usize,
): void {
  const bytes = (<usize>padded) << 2;
  const last = bytes - 16;
  const rest = lanesBelow(columns - padded + 4);
  const steps = f32x4.splat(step);
  let value: f64 = 0;
  let slope: f64 = 0;
  let curvature: f64 = 0;
  // Logarithms of equally weighted rows are taken of their product.
  let product: f64 = 1;
  let shared: f64 = 1;
  for (let row = 0; row < rows; row++, targets += bytes) {
    for (let member = 0; member < members; member++) {
      const weight = load<f32>(weights);
      weights += 4;
      let highest = f32x4.splat(nothing);
      for (let at: usize = 0; at < bytes; at += 16) {
        let z = f32x4.add(v128.load(logits + at), f32x4.mul(steps, v128.load(slopes + at)));
        v128.store(residuals + at, z);
        if (at === last) z = v128.bitselect(z, f32x4.splat(nothing), rest);
        highest = f32x4.max(highest, z);
      }
      const peak = f32x4.splat(highestOf(highest));
      let total = f32x4.splat(0);
      let mean = f32x4.splat(0);
      let squares = f32x4.splat(0);
      let ofTarget = f32x4.splat(0);
      let targetSlope = f32x4.splat(0);
      for (let at: usize = 0; at < bytes; at += 16) {
        const below = f32x4.sub(v128.load(residuals + at), peak);
        let share = exp4(f32x4.max(f32x4.splat(lowest), below));
        if (at === last) share = v128.and(share, rest);
        v128.store(residuals + at, share);
        const line = v128.load(slopes + at);
        const target = v128.load(targets + at);
        const part = f32x4.mul(share, line);
        total = f32x4.add(total, share);
        mean = f32x4.add(mean, part);
        squares = f32x4.add(squares, f32x4.mul(part, line));
        ofTarget = f32x4.add(ofTarget, f32x4.mul(target, below));
        targetSlope = f32x4.add(targetSlope, f32x4.mul(target, line));
      }
      const sum = sumOf(total);
      const average = sumOf(mean) / sum;
      if (shared !== <f64>weight || product > mostProduct) {
        value += shared * log(product);
        product = 1;
        shared = weight;
      }
      product *= <f64>sum;
      value -= <f64>weight * <f64>sumOf(ofTarget);
      slope += <f64>weight * <f64>(average - sumOf(targetSlope));
      curvature += <f64>weight * <f64>(sumOf(squares) / sum - average * average);
      const scale = f32x4.splat(weight / sum);
      const weighted = f32x4.splat(weight);
      for (let at: usize = 0; at < bytes; at += 16) {
        const probability = f32x4.mul(v128.load(residuals + at), scale);
        const target = f32x4.mul(v128.load(targets + at), weighted);
        v128.store(residuals + at, f32x4.sub(probability, target));
      }
      logits += bytes;
      slopes += bytes;
      residuals += bytes;
    }
  }
  store<f64>(found, value + shared * log(product));
  store<f64>(found, slope, 8);
  store<f64>(found, curvature, 16);
}
