// The softmax loss of a fit along a line, in float32 four numbers at a time: the logits of a line, the loss with two
// derivatives at a step along it, and the gradient there. A row of logits has `columns` for each of `members`, each
// member's rounded up to `padded`, a multiple of 4. Sums over the rows are float64 but for the gradient's.

import { exp4, lanesBelow } from "./scores";

/** Products below e^−80 of the largest are taken as that: smaller ones would be subnormal, and slow. */
const lowest: f32 = -80;
/** What is below every logit. */
const nothing: f32 = -f32.MAX_VALUE;
/** Of as many rows as it takes to come near the end of float64's range. */
const mostProduct: f64 = 1e250;

declare function log(x: f64): f64;

/** Where the product for a column stands in a row of logits, in bytes. */
function placeOf(column: i32, columns: i32, padded: i32): usize {
  return (<usize>((column / columns) * padded + (column % columns))) << 2;
}

/**
 * logits = X Wᵀ + b; what is between the columns of two members is left alone.
 * @param bytes from one row of the features, and of the weights, to the next: a multiple of 16, zero at the end.
 */
export function fillLine(
  features: usize,
  rows: i32,
  bytes: usize,
  columns: i32,
  members: i32,
  padded: i32,
  weights: usize,
  biases: usize,
  logits: usize,
): void {
  const step = (<usize>(members * padded)) << 2;
  const width = columns * members;
  for (let row = 0; row < rows; row += 4) {
    // The last of a number that is no multiple of four are done twice.
    const a = features + <usize>row * bytes;
    const b = row + 1 < rows ? a + bytes : a;
    const c = row + 2 < rows ? b + bytes : b;
    const d = row + 3 < rows ? c + bytes : c;
    const to = logits + <usize>row * step;
    const toB = row + 1 < rows ? step : 0;
    const toC = row + 2 < rows ? toB + step : toB;
    const toD = row + 3 < rows ? toC + step : toC;
    for (let column = 0; column < width; column += 2) {
      const other = min(column + 1, width - 1);
      const own = weights + <usize>column * bytes;
      const next = weights + <usize>other * bytes;
      const at = to + placeOf(column, columns, padded);
      const atNext = to + placeOf(other, columns, padded);
      const bias = load<f32>(biases + ((<usize>column) << 2));
      const biasNext = load<f32>(biases + ((<usize>other) << 2));
      fillTile(a, b - a, c - a, d - a, bytes, own, next - own, bias, biasNext, at, atNext, toB, toC, toD);
    }
  }
}

/** Four rows by two columns in registers; `b` … `d` and `next` are distances from `a` and `own`. */
function fillTile(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  bytes: usize,
  own: usize,
  next: usize,
  bias: f32,
  biasNext: f32,
  at: usize,
  atNext: usize,
  toB: usize,
  toC: usize,
  toD: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  for (const end = a + bytes; a < end; a += 16, own += 16) {
    const w = v128.load(own);
    const v = v128.load(own + next);
    let x = v128.load(a);
    a0 = f32x4.add(a0, f32x4.mul(x, w));
    a1 = f32x4.add(a1, f32x4.mul(x, v));
    x = v128.load(a + b);
    b0 = f32x4.add(b0, f32x4.mul(x, w));
    b1 = f32x4.add(b1, f32x4.mul(x, v));
    x = v128.load(a + c);
    c0 = f32x4.add(c0, f32x4.mul(x, w));
    c1 = f32x4.add(c1, f32x4.mul(x, v));
    x = v128.load(a + d);
    d0 = f32x4.add(d0, f32x4.mul(x, w));
    d1 = f32x4.add(d1, f32x4.mul(x, v));
  }
  store<f32>(at, sumOf(a0) + bias);
  store<f32>(at + toB, sumOf(b0) + bias);
  store<f32>(at + toC, sumOf(c0) + bias);
  store<f32>(at + toD, sumOf(d0) + bias);
  store<f32>(atNext, sumOf(a1) + biasNext);
  store<f32>(atNext + toB, sumOf(b1) + biasNext);
  store<f32>(atNext + toC, sumOf(c1) + biasNext);
  store<f32>(atNext + toD, sumOf(d1) + biasNext);
}

function sumOf(value: v128): f32 {
  const pairs = f32x4.add(value, v128.shuffle<f32>(value, value, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

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

/** to += scale · from, of `count` float32, a multiple of 4. */
export function addScaled(to: usize, scale: f32, from: usize, count: i32): void {
  const factor = f32x4.splat(scale);
  for (const end = to + ((<usize>count) << 2); to < end; to += 16, from += 16)
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(factor, v128.load(from))));
}

/** left · right, of `count` float32, a multiple of 16. */
export function dotFloats(left: usize, right: usize, count: i32): f64 {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  for (const end = left + ((<usize>count) << 2); left < end; left += 64, right += 64) {
    a = f32x4.add(a, f32x4.mul(v128.load(left), v128.load(right)));
    b = f32x4.add(b, f32x4.mul(v128.load(left, 16), v128.load(right, 16)));
    c = f32x4.add(c, f32x4.mul(v128.load(left, 32), v128.load(right, 32)));
    d = f32x4.add(d, f32x4.mul(v128.load(left, 48), v128.load(right, 48)));
  }
  return <f64>sumOf(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/**
 * gradient += residualsᵀ X, a column after the other, each `bytes` long; and the residuals' sums, as they stand in
 * a row, to `biases`.
 * @param residuals rows of members · padded; rows up to the next multiple of 4 must be there, and 0.
 */
export function addSlopes(
  features: usize,
  rows: i32,
  bytes: usize,
  columns: i32,
  members: i32,
  padded: i32,
  residuals: usize,
  gradient: usize,
  biases: usize,
): void {
  const step = (<usize>(members * padded)) << 2;
  const width = columns * members;
  for (let row = 0; row < rows; row += 4) {
    const a = features + <usize>row * bytes;
    const b = row + 1 < rows ? a + bytes : a;
    const c = row + 2 < rows ? a + 2 * bytes : a;
    const d = row + 3 < rows ? a + 3 * bytes : a;
    const own = residuals + <usize>row * step;
    for (let at: usize = 0; at < step; at += 16) {
      const low = f32x4.add(v128.load(own + at), v128.load(own + at + step));
      const high = f32x4.add(v128.load(own + at + 2 * step), v128.load(own + at + 3 * step));
      v128.store(biases + at, f32x4.add(v128.load(biases + at), f32x4.add(low, high)));
    }
    let column = 0;
    for (; column + 1 < width; column += 2) {
      const first = own + placeOf(column, columns, padded);
      const second = own + placeOf(column + 1, columns, padded);
      addTile(a, b - a, c - a, d - a, bytes, first, second, step, gradient + <usize>column * bytes);
    }
    if (column < width)
      addColumn(
        a,
        b - a,
        c - a,
        d - a,
        bytes,
        own + placeOf(column, columns, padded),
        step,
        gradient + <usize>column * bytes,
      );
  }
}

function addTile(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  bytes: usize,
  first: usize,
  second: usize,
  step: usize,
  to: usize,
): void {
  const a0 = v128.load32_splat(first);
  const b0 = v128.load32_splat(first + step);
  const c0 = v128.load32_splat(first + 2 * step);
  const d0 = v128.load32_splat(first + 3 * step);
  const a1 = v128.load32_splat(second);
  const b1 = v128.load32_splat(second + step);
  const c1 = v128.load32_splat(second + 2 * step);
  const d1 = v128.load32_splat(second + 3 * step);
  for (const end = a + bytes; a < end; a += 16, to += 16) {
    let x = v128.load(a);
    let low = f32x4.mul(a0, x);
    let high = f32x4.mul(a1, x);
    x = v128.load(a + b);
    low = f32x4.add(low, f32x4.mul(b0, x));
    high = f32x4.add(high, f32x4.mul(b1, x));
    x = v128.load(a + c);
    low = f32x4.add(low, f32x4.mul(c0, x));
    high = f32x4.add(high, f32x4.mul(c1, x));
    x = v128.load(a + d);
    low = f32x4.add(low, f32x4.mul(d0, x));
    high = f32x4.add(high, f32x4.mul(d1, x));
    v128.store(to, f32x4.add(v128.load(to), low));
    v128.store(to + bytes, f32x4.add(v128.load(to + bytes), high));
  }
}

function addColumn(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  bytes: usize,
  first: usize,
  step: usize,
  to: usize,
): void {
  const a0 = v128.load32_splat(first);
  const b0 = v128.load32_splat(first + step);
  const c0 = v128.load32_splat(first + 2 * step);
  const d0 = v128.load32_splat(first + 3 * step);
  for (const end = a + bytes; a < end; a += 16, to += 16) {
    const low = f32x4.add(f32x4.mul(a0, v128.load(a)), f32x4.mul(b0, v128.load(a + b)));
    const high = f32x4.add(f32x4.mul(c0, v128.load(a + c)), f32x4.mul(d0, v128.load(a + d)));
    v128.store(to, f32x4.add(v128.load(to), f32x4.add(low, high)));
  }
}
