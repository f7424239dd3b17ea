// The two products of a fit along lines, in float32: the logits of a line, and the gradient at a place on it. A row of
// logits has `columns` for each of `members`, each member's rounded up to `padded`, a multiple of 4.

import { sumOf } from "./floats";

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
