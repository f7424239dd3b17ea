// Exact arithmetic on rows, in float64 as the reference does it: norms, distances, inner products, means.

import { matrix, norms, rowAt, stride } from "./layout";

function sumOf(value: v128): f64 {
  return f64x2.extract_lane(value, 0) + f64x2.extract_lane(value, 1);
}

/** Inner product of a float32 row with `stride` float64 numbers. */
export function product(row: usize, point: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (const end = row + <usize>stride * 4; row < end; row += 16, point += 32) {
    const low = f64x2.promote_low_f32x4(v128.load64_zero(row));
    const high = f64x2.promote_low_f32x4(v128.load64_zero(row, 8));
    even = f64x2.add(even, f64x2.mul(low, v128.load(point)));
    odd = f64x2.add(odd, f64x2.mul(high, v128.load(point, 16)));
  }
  return sumOf(f64x2.add(even, odd));
}

/** Squared Euclidean distance of a float32 row to `stride` float64 numbers. */
export function squaredDistance(row: usize, point: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (const end = row + <usize>stride * 4; row < end; row += 16, point += 32) {
    const low = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(row)), v128.load(point));
    const high = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(row, 8)), v128.load(point, 16));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
  }
  return sumOf(f64x2.add(even, odd));
}

/** Inner product of two runs of float32; `length` a multiple of 4. */
export function product32(left: usize, right: usize, length: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (const end = left + <usize>length * 4; left < end; left += 16, right += 16) {
    const low = f64x2.promote_low_f32x4(v128.load64_zero(left));
    const high = f64x2.promote_low_f32x4(v128.load64_zero(left, 8));
    even = f64x2.add(even, f64x2.mul(low, f64x2.promote_low_f32x4(v128.load64_zero(right))));
    odd = f64x2.add(odd, f64x2.mul(high, f64x2.promote_low_f32x4(v128.load64_zero(right, 8))));
  }
  return sumOf(f64x2.add(even, odd));
}

export function squaredNorms(from: i32, to: i32): void {
  for (let row = from; row < to; row++) {
    const at = rowAt(row);
    store<f64>(norms + ((<usize>row) << 3), product32(at, at, stride));
  }
}

/** Adds the listed rows to `stride` float64 sums. */
export function addToMean(list: usize, count: i32, sums: usize): void {
  for (let at = 0; at < count; at++) addRow(rowAt(load<i32>(list + ((<usize>at) << 2))), sums);
}

export function addRow(row: usize, sums: usize): void {
  for (const end = row + <usize>stride * 4; row < end; row += 16, sums += 32) {
    const low = f64x2.promote_low_f32x4(v128.load64_zero(row));
    const high = f64x2.promote_low_f32x4(v128.load64_zero(row, 8));
    v128.store(sums, f64x2.add(v128.load(sums), low));
    v128.store(sums, f64x2.add(v128.load(sums, 16), high), 16);
  }
}

/** Squared distances of the listed rows to one of `stride` float64 numbers each, chosen by `which` (0: the first). */
export function squaredDistancesToPoint(
  list: usize,
  count: i32,
  points: usize,
  which: usize,
  result: usize,
): void {
  for (let at = 0; at < count; at++) {
    const choice = which === 0 ? 0 : load<i32>(which + ((<usize>at) << 2));
    const point = points + <usize>choice * <usize>stride * 8;
    const row = matrix + <usize>load<i32>(list + ((<usize>at) << 2)) * <usize>stride * 4;
    store<f64>(result + ((<usize>at) << 3), squaredDistance(row, point));
  }
}
