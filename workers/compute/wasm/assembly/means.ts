// Lloyd's k-means: assigning a block of rows from its products with the centres, and adding rows to the sums the
// centres move to.

import { norms, rowAt, stride } from "./layout";
import { addRow, squaredDistance } from "./rows";

/** Distances nearer than this share of the squared norms are compared in float64, as the reference does. */
const doubtful: f64 = 1e-5;

/**
 * The nearest centre of each listed row: the least ‖c‖² − 2 x·c; the first of equals.
 * @param products of the rows with the centres, rows of `width` float32.
 * @param squares float64 squared norms of the centres.
 * @param centres `stride` float64 each.
 * @param clusters the answer; what is there before is compared with.
 * @returns how many changed.
 */
export function assignBlock(
  list: usize,
  count: i32,
  products: usize,
  width: i32,
  squares: usize,
  centres: usize,
  k: i32,
  clusters: usize,
): i32 {
  let changed = 0;
  for (let at = 0; at < count; at++) {
    let least = Infinity;
    for (let c = 0; c < k; c++) least = min(least, relative(products, squares, c));
    const row = load<i32>(list + ((<usize>at) << 2));
    const norm = load<f64>(norms + ((<usize>row) << 3));
    let best = -1;
    let exact = Infinity;
    for (let c = 0; c < k; c++) {
      const own = load<f64>(squares + ((<usize>c) << 3));
      if (relative(products, squares, c) > least + doubtful * (norm + own)) continue;
      if (best < 0) {
        best = c;
        continue;
      }
      if (exact === Infinity) exact = distance(row, centres, best);
      const other = distance(row, centres, c);
      if (other < exact) {
        exact = other;
        best = c;
      }
    }
    const to = clusters + ((<usize>at) << 2);
    if (load<i32>(to) !== best) changed++;
    store<i32>(to, best);
    products += (<usize>width) << 2;
  }
  return changed;
}

function relative(products: usize, squares: usize, c: i32): f64 {
  return load<f64>(squares + ((<usize>c) << 3)) - 2 * <f64>load<f32>(products + ((<usize>c) << 2));
}

function distance(row: i32, centres: usize, c: i32): f64 {
  return squaredDistance(rowAt(row), centres + ((<usize>c * stride) << 3));
}

/** Adds each listed row to the float64 sums of its cluster, and counts it. */
export function addToMeans(list: usize, count: i32, clusters: usize, sums: usize, sizes: usize): void {
  for (let at = 0; at < count; at++) {
    const cluster = <usize>load<i32>(clusters + ((<usize>at) << 2));
    addRow(rowAt(load<i32>(list + ((<usize>at) << 2))), sums + ((cluster * stride) << 3));
    store<i32>(sizes + (cluster << 2), load<i32>(sizes + (cluster << 2)) + 1);
  }
}
