// The two products of a fit along lines, in float32: the logits of a line, and the gradient at a place on it. A row of
// logits has `columns` for each of `members`, each member's rounded up to `padded`, a multiple of 4.

import { addProduct, sumOf } from "./floats";

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
    a0 = addProduct(a0, x, w);
    a1 = addProduct(a1, x, v);
    x = v128.load(a + b);
    b0 = addProduct(b0, x, w);
    b1 = addProduct(b1, x, v);
    x = v128.load(a + c);
    c0 = addProduct(c0, x, w);
    c1 = addProduct(c1, x, v);
    x = v128.load(a + d);
    d0 = addProduct(d0, x, w);
    d1 = addProduct(d1, x, v);
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

/** Rows that a tile of the gradient stays in registers for: a cache line of each fits into the first cache. */
const rowsPerTile = 16;

/**
 * gradient += residualsᵀ X, a column after the other, each `bytes` long; and the residuals' sums, as they stand in
 * a row, to `biases`.
 * @param residuals rows of members · padded.
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
  for (let row = 0; row < rows; row += rowsPerTile) {
    const from = features + <usize>row * bytes;
    const end = from + <usize>min(rowsPerTile, rows - row) * bytes;
    const own = residuals + <usize>row * step;
    let sums = own;
    for (let at = from; at < end; at += bytes, sums += step)
      for (let place: usize = 0; place < step; place += 16)
        v128.store(biases + place, f32x4.add(v128.load(biases + place), v128.load(sums + place)));
    for (let at: usize = 0; at < bytes;) {
      const wide = bytes - at >= 64;
      for (let column = 0; column < width; column += 2) {
        const first = own + placeOf(column, columns, padded);
        const to = gradient + <usize>column * bytes + at;
        // The last of an odd number is its own neighbour, and only one of both is kept.
        const paired = column + 1 < width;
        const second = paired ? own + placeOf(column + 1, columns, padded) : first;
        const next = paired ? bytes : 0;
        if (wide) addWide(from + at, end + at, bytes, first, second - first, step, to, next);
        else addNarrow(from + at, end + at, bytes, first, second - first, step, to, next);
      }
      at += wide ? 64 : 16;
    }
  }
}

/** Sixteen numbers of two columns' gradients in registers over a few rows; with `next` 0 of one column. */
function addWide(
  from: usize,
  end: usize,
  bytes: usize,
  first: usize,
  second: usize,
  step: usize,
  to: usize,
  next: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  for (; from < end; from += bytes, first += step) {
    const own = v128.load32_splat(first);
    const other = v128.load32_splat(first + second);
    let x = v128.load(from);
    a0 = addProduct(a0, own, x);
    b0 = addProduct(b0, other, x);
    x = v128.load(from, 16);
    a1 = addProduct(a1, own, x);
    b1 = addProduct(b1, other, x);
    x = v128.load(from, 32);
    a2 = addProduct(a2, own, x);
    b2 = addProduct(b2, other, x);
    x = v128.load(from, 48);
    a3 = addProduct(a3, own, x);
    b3 = addProduct(b3, other, x);
  }
  v128.store(to, f32x4.add(v128.load(to), a0));
  v128.store(to, f32x4.add(v128.load(to, 16), a1), 16);
  v128.store(to, f32x4.add(v128.load(to, 32), a2), 32);
  v128.store(to, f32x4.add(v128.load(to, 48), a3), 48);
  if (next === 0) return;
  to += next;
  v128.store(to, f32x4.add(v128.load(to), b0));
  v128.store(to, f32x4.add(v128.load(to, 16), b1), 16);
  v128.store(to, f32x4.add(v128.load(to, 32), b2), 32);
  v128.store(to, f32x4.add(v128.load(to, 48), b3), 48);
}

/** Four numbers, as above. */
function addNarrow(
  from: usize,
  end: usize,
  bytes: usize,
  first: usize,
  second: usize,
  step: usize,
  to: usize,
  next: usize,
): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  for (; from < end; from += bytes, first += step) {
    const x = v128.load(from);
    a = addProduct(a, v128.load32_splat(first), x);
    b = addProduct(b, v128.load32_splat(first + second), x);
  }
  v128.store(to, f32x4.add(v128.load(to), a));
  if (next === 0) return;
  v128.store(to + next, f32x4.add(v128.load(to + next), b));
}
