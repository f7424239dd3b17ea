// Blocks of products X W in float32, 32 of them in registers at a time: four rows by eight columns, or for the
// last columns eight rows by four. W is packed into panels of eight or four columns, so that the inner loop reads
// it in order.

import { addProduct } from "./floats";
import { rowAt, stride } from "./layout";

/** Rows that share a walk over the panels: 64 rows of 384 are 96 kB, within a second-level cache. */
const rowsPerWalk = 64;

/** Columns in the panel that begins at `from`. */
function panelWidth(from: i32, columns: i32): i32 {
  return columns - from > 4 ? 8 : 4;
}

/** Packs `columns` columns of a row-major dims × columns matrix into panels of `stride` rows, zero where none is. */
export function packColumns(right: usize, dims: i32, columns: i32, packed: usize): void {
  for (let from = 0; from < columns; from += 8) {
    const lanes = panelWidth(from, columns);
    for (let k = 0; k < stride; k++) {
      for (let lane = 0; lane < lanes; lane++) {
        const column = from + lane;
        const inside = k < dims && column < columns;
        store<f32>(packed, inside ? load<f32>(right + ((<usize>k * columns + column) << 2)) : 0);
        packed += 4;
      }
    }
  }
}

/** Packs listed rows of the matrix (or, with `list` 0, `count` rows at `from`, `stride` apart) as columns. */
export function packRows(list: usize, from: usize, count: i32, packed: usize): void {
  for (let first = 0; first < count; first += 8) {
    const lanes = panelWidth(first, count);
    for (let lane = 0; lane < lanes; lane++) {
      const at = first + lane;
      let row: usize = 0;
      if (at < count)
        row = list === 0 ? from + ((<usize>at * stride) << 2) : rowAt(load<i32>(list + ((<usize>at) << 2)));
      for (let k = 0; k < stride; k++) {
        const value: f32 = row === 0 ? 0 : load<f32>(row + ((<usize>k) << 2));
        store<f32>(packed + ((<usize>k * lanes + lane) << 2), value);
      }
    }
    packed += (<usize>stride * lanes) << 2;
  }
}

/**
 * For each panel two int32: the first of the `dims` rows of the matrix with a number other than 0 in one of its
 * columns, and the one after the last. Half of a triangular matrix is nothing.
 */
export function boundPanels(right: usize, dims: i32, columns: i32, bounds: usize): void {
  for (let from = 0; from < columns; from += 8, bounds += 8) {
    const end = min(from + 8, columns);
    let first = dims;
    let last = 0;
    for (let k = 0; k < dims; k++) {
      let isEmpty = true;
      for (let column = from; column < end; column++)
        if (load<f32>(right + ((<usize>k * columns + column) << 2)) !== 0) isEmpty = false;
      if (isEmpty) continue;
      first = min(first, k);
      last = k + 1;
    }
    store<i32>(bounds, min(first, last));
    store<i32>(bounds, last, 4);
  }
}

/** As `multiplyBounded`, with whole columns. */
export function multiplyBlock(
  list: usize,
  first: i32,
  count: i32,
  packed: usize,
  width: i32,
  result: usize,
): void {
  multiplyBounded(list, first, count, packed, width, result, 0);
}

/**
 * Products of `count` listed rows (with `list` 0: rows from `first` on) with all packed columns, into rows of
 * `width` float32, the columns rounded up to a multiple of 4. Writes whole tiles of up to eight rows.
 * @param bounds of `boundPanels`; 0 where columns are taken as full.
 */
export function multiplyBounded(
  list: usize,
  first: i32,
  count: i32,
  packed: usize,
  width: i32,
  result: usize,
  bounds: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let walk = 0; walk < count; walk += rowsPerWalk) {
    const end = min(walk + rowsPerWalk, count);
    if (list === 0) touch(rowAt(first + end), <usize>(min(end + rowsPerWalk, count) - end) * stride * 4);
    let panel = packed;
    for (let column = 0; column < width; column += 8) {
      const wide = width - column > 4;
      const to = result + ((<usize>column) << 2);
      const bound = bounds + <usize>column;
      const skip: usize = bounds === 0 ? 0 : (<usize>load<i32>(bound)) << 2;
      const length: usize = (bounds === 0 ? (<usize>stride) << 2 : (<usize>load<i32>(bound, 4)) << 2) - skip;
      const part = panel + (wide ? skip << 3 : skip << 2);
      for (let at = walk; at < end; at += wide ? 4 : 8) {
        const a = pick(list, first, at, count);
        const b = pick(list, first, at + 1, count);
        const c = pick(list, first, at + 2, count);
        const d = pick(list, first, at + 3, count);
        if (wide)
          multiplyWide(a + skip, b + skip, c + skip, d + skip, length, part, to + <usize>at * bytes, bytes);
        else {
          const e = pick(list, first, at + 4, count);
          const f = pick(list, first, at + 5, count);
          const g = pick(list, first, at + 6, count);
          const h = pick(list, first, at + 7, count);
          multiplyTall(a, b, c, d, e, f, g, h, skip, length, part, to + <usize>at * bytes, bytes);
        }
      }
      panel += (<usize>stride) << 5;
    }
  }
}

/** Written, so that the reads are not left out as useless. */
let touched = i32x4.splat(0);

/** Reads every cache line in order, which memory does much faster than four or eight rows side by side. */
function touch(from: usize, bytes: usize): void {
  let sum = i32x4.splat(0);
  for (const end = from + bytes; from < end; from += 256) {
    const a = v128.or(v128.load(from), v128.load(from, 64));
    const b = v128.or(v128.load(from, 128), v128.load(from, 192));
    sum = v128.or(sum, v128.or(a, b));
  }
  touched = sum;
}

function pick(list: usize, first: i32, at: i32, count: i32): usize {
  const place = min(at, count - 1);
  return rowAt(list === 0 ? first + place : load<i32>(list + ((<usize>place) << 2)));
}

function multiplyWide(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  length: usize,
  panel: usize,
  result: usize,
  width: usize,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  b -= a;
  c -= a;
  d -= a;
  for (const end = a + length; a < end; a += 4, panel += 32) {
    const left = v128.load(panel);
    const right = v128.load(panel, 16);
    let value = v128.load32_splat(a);
    a0 = addProduct(a0, value, left);
    a1 = addProduct(a1, value, right);
    value = v128.load32_splat(a + b);
    b0 = addProduct(b0, value, left);
    b1 = addProduct(b1, value, right);
    value = v128.load32_splat(a + c);
    c0 = addProduct(c0, value, left);
    c1 = addProduct(c1, value, right);
    value = v128.load32_splat(a + d);
    d0 = addProduct(d0, value, left);
    d1 = addProduct(d1, value, right);
  }
  v128.store(result, a0);
  v128.store(result, a1, 16);
  result += width;
  v128.store(result, b0);
  v128.store(result, b1, 16);
  result += width;
  v128.store(result, c0);
  v128.store(result, c1, 16);
  result += width;
  v128.store(result, d0);
  v128.store(result, d1, 16);
}

function multiplyTall(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  e: usize,
  f: usize,
  g: usize,
  h: usize,
  skip: usize,
  length: usize,
  panel: usize,
  result: usize,
  width: usize,
): void {
  let a0 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let e0 = f32x4.splat(0);
  let f0 = f32x4.splat(0);
  let g0 = f32x4.splat(0);
  let h0 = f32x4.splat(0);
  b -= a;
  c -= a;
  d -= a;
  e -= a;
  f -= a;
  g -= a;
  h -= a;
  a += skip;
  for (const end = a + length; a < end; a += 4, panel += 16) {
    const columns = v128.load(panel);
    a0 = addProduct(a0, v128.load32_splat(a), columns);
    b0 = addProduct(b0, v128.load32_splat(a + b), columns);
    c0 = addProduct(c0, v128.load32_splat(a + c), columns);
    d0 = addProduct(d0, v128.load32_splat(a + d), columns);
    e0 = addProduct(e0, v128.load32_splat(a + e), columns);
    f0 = addProduct(f0, v128.load32_splat(a + f), columns);
    g0 = addProduct(g0, v128.load32_splat(a + g), columns);
    h0 = addProduct(h0, v128.load32_splat(a + h), columns);
  }
  v128.store(result, a0);
  v128.store((result += width), b0);
  v128.store((result += width), c0);
  v128.store((result += width), d0);
  v128.store((result += width), e0);
  v128.store((result += width), f0);
  v128.store((result += width), g0);
  v128.store((result += width), h0);
}

/** Copies `columns` of each `width` float32, so that rows follow each other. */
export function unpad(from: usize, count: i32, width: i32, columns: i32, to: usize): void {
  const bytes = (<usize>columns) << 2;
  for (let at = 0; at < count; at++) {
    memory.copy(to, from, bytes);
    from += (<usize>width) << 2;
    to += bytes;
  }
}
