// An int8 copy of the matrix, a quarter of its bytes, with a bound on what it leaves out. A distance or product
// from the sketch is off by no more than the bound, so most rows are settled without reading them in full, and
// the choice stays exactly the one full arithmetic makes.

import { cards, centre, centreLimit, codes, norms, rowAt, stride } from "./layout";

/** Bytes from one row's card to the next. */
export const cardBytes = 16;
/** Share of a row's norm added to its error: float32 rounding in measuring the error itself. */
const rounding: f32 = 2e-6;

export function cardOf(row: i32): usize {
  return cards + <usize>row * cardBytes;
}

export function sketchRows(from: i32, to: i32): void {
  for (let row = from; row < to; row++) sketchRow(row);
}

function sketchRow(row: i32): void {
  const from = rowAt(row);
  const to = codes + <usize>row * <usize>stride;
  const bytes = <usize>stride * 4;
  let most = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) most = f32x4.max(most, f32x4.abs(v128.load(from + at)));
  const low = max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
  const peak = max(low, max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
  const scale: f32 = peak / 127;
  const factor = f32x4.splat(scale > 0 ? 1 / scale : 0);
  const unit = f32x4.splat(scale);
  // Adding 1.5 · 2^23 leaves the rounded number in the lowest bits, which is faster than converting.
  const shift = f32x4.splat(12582912);
  let error = f32x4.splat(0);
  let squares = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 64) {
    let pair = i16x8.splat(0);
    for (let half = 0; half < 2; half++) {
      const first = v128.load(from + at + (half << 5));
      const second = v128.load(from + at + (half << 5), 16);
      const a = f32x4.add(f32x4.mul(first, factor), shift);
      const b = f32x4.add(f32x4.mul(second, factor), shift);
      const da = f32x4.sub(first, f32x4.mul(f32x4.sub(a, shift), unit));
      const db = f32x4.sub(second, f32x4.mul(f32x4.sub(b, shift), unit));
      error = f32x4.add(error, f32x4.add(f32x4.mul(da, da), f32x4.mul(db, db)));
      const whole = i16x8.narrow_i32x4_s(i32x4.sub(a, shift), i32x4.sub(b, shift));
      squares = i32x4.add(squares, i32x4.dot_i16x8_s(whole, whole));
      if (half === 0) pair = whole;
      else v128.store(to + (at >> 2), i8x16.narrow_i16x8_s(pair, whole));
    }
  }
  const card = cardOf(row);
  const norm = Math.sqrt(load<f64>(norms + ((<usize>row) << 3)));
  const left = f32x4.extract_lane(error, 0) + f32x4.extract_lane(error, 1);
  const right = f32x4.extract_lane(error, 2) + f32x4.extract_lane(error, 3);
  store<f32>(card, scale);
  store<f32>(card, sqrt<f32>(left + right) * 1.001 + rounding * <f32>norm, 4);
  store<f32>(card, <f32>(<f64>sumOf(squares) * <f64>scale * <f64>scale), 8);
  store<f32>(card, <f32>norm, 12);
}

function sumOf(value: v128): i32 {
  return (
    i32x4.extract_lane(value, 0) +
    i32x4.extract_lane(value, 1) +
    i32x4.extract_lane(value, 2) +
    i32x4.extract_lane(value, 3)
  );
}

// The centre that rows are compared with at present.
export let centreScale: f64 = 0;
export let centreError: f64 = 0;
export let centreSquared: f64 = 0;
export let centreNorm: f64 = 0;
export let centreNormSquared: f64 = 0;

/** Makes a row the centre: as float64, and as 16-bit codes beside which the rows' 8 bits are the error. */
export function setCentre(row: i32): void {
  const from = rowAt(row);
  const fine = centre + <usize>stride * 8;
  let peak: f32 = 0;
  for (let k = 0; k < stride; k++) peak = max(peak, abs(load<f32>(from + ((<usize>k) << 2))));
  centreScale = <f64>peak / <f64>centreLimit;
  const factor: f64 = peak > 0 ? 1 / centreScale : 0;
  centreSquared = 0;
  let error: f64 = 0;
  for (let k = 0; k < stride; k++) {
    const value = <f64>load<f32>(from + ((<usize>k) << 2));
    const code = nearest(value * factor);
    const near = code * centreScale;
    store<f64>(centre + ((<usize>k) << 3), value);
    store<i16>(fine + ((<usize>k) << 1), <i16>(<i32>code));
    centreSquared += near * near;
    error += (value - near) * (value - near);
  }
  centreNormSquared = load<f64>(norms + ((<usize>row) << 3));
  centreNorm = Math.sqrt(centreNormSquared);
  centreError = Math.sqrt(error) + 1e-9 * centreNorm;
}

/** Inner product of a row's sketch with the centre's. */
export function sketchProduct(row: i32): f64 {
  let at = codes + <usize>row * <usize>stride;
  let to = centre + <usize>stride * 8;
  let even = i32x4.splat(0);
  let odd = i32x4.splat(0);
  for (const end = at + <usize>stride; at < end; at += 16, to += 32) {
    const bytes = v128.load(at);
    even = i32x4.add(even, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(bytes), v128.load(to)));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(bytes), v128.load(to, 16)));
  }
  return <f64>sumOf(i32x4.add(even, odd)) * <f64>load<f32>(cardOf(row)) * centreScale;
}
