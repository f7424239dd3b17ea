// Keeps, for each query, its best rows so far: sorted lists of k products and rows. Rows come in ascending order,
// so a later one of the same product never displaces an earlier one.

/**
 * @param products of rows `first` to `first` + count with the queries, rows of `width` float32 (a multiple of 4).
 * @param thresholds the last kept product of each query, `width` of them; infinite behind the queries.
 * @param queries the row of each query, which is left out.
 * @param bestProducts queries × k, sorted, as `bestRows`.
 */
export function keepNearest(
  products: usize,
  first: i32,
  count: i32,
  width: i32,
  thresholds: usize,
  queries: usize,
  k: i32,
  bestProducts: usize,
  bestRows: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let row = first; row < first + count; row++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const beats = f32x4.gt(v128.load(products + at), v128.load(thresholds + at));
      if (!v128.any_true(beats)) continue;
      for (let lane: usize = 0; lane < 4; lane++) {
        const place = at + (lane << 2);
        const product = load<f32>(products + place);
        if (!(product > load<f32>(thresholds + place)) || load<i32>(queries + place) === row) continue;
        const list = (place >> 2) * <usize>k;
        store<f32>(
          thresholds + place,
          insert(product, row, k, bestProducts + (list << 2), bestRows + (list << 2)),
        );
      }
    }
    products += bytes;
  }
}

/** @returns the last product kept after it. */
function insert(product: f32, row: i32, k: i32, products: usize, rows: usize): f32 {
  let at: usize = (<usize>(k - 1)) << 2;
  while (at > 0 && load<f32>(products + at - 4) < product) {
    store<f32>(products + at, load<f32>(products + at - 4));
    store<i32>(rows + at, load<i32>(rows + at - 4));
    at -= 4;
  }
  store<f32>(products + at, product);
  store<i32>(rows + at, row);
  return load<f32>(products + ((<usize>(k - 1)) << 2));
}
