// Rows of which only some entries are kept, times a dense matrix, in float32: what learning from texts spends its
// time on.

/**
 * product (rows × dims) = entries times dense.
 * @param offsets rows + 1 int32, counted from the first entry given.
 * @param dims a multiple of 4.
 */
export function multiplySparse(
  rows: i32,
  offsets: usize,
  indices: usize,
  values: usize,
  dense: usize,
  dims: i32,
  product: usize,
): void {
  const bytes = (<usize>dims) << 2;
  memory.fill(product, 0, <usize>rows * bytes);
  for (let row = 0; row < rows; row++, product += bytes) {
    let at = load<i32>(offsets + ((<usize>row) << 2));
    const end = load<i32>(offsets + ((<usize>row) << 2), 4);
    for (; at + 4 <= end; at += 4) {
      const place = (<usize>at) << 2;
      addFour(
        dense + <usize>load<u32>(indices + place) * bytes,
        dense + <usize>load<u32>(indices + place, 4) * bytes,
        dense + <usize>load<u32>(indices + place, 8) * bytes,
        dense + <usize>load<u32>(indices + place, 12) * bytes,
        values + place,
        bytes,
        product,
      );
    }
    for (; at < end; at++) {
      const place = (<usize>at) << 2;
      addOne(dense + <usize>load<u32>(indices + place) * bytes, load<f32>(values + place), bytes, product);
    }
  }
}

function addFour(a: usize, b: usize, c: usize, d: usize, values: usize, bytes: usize, to: usize): void {
  const wa = f32x4.splat(load<f32>(values));
  const wb = f32x4.splat(load<f32>(values, 4));
  const wc = f32x4.splat(load<f32>(values, 8));
  const wd = f32x4.splat(load<f32>(values, 12));
  for (const end = to + bytes; to < end; to += 16, a += 16, b += 16, c += 16, d += 16) {
    const first = f32x4.add(f32x4.mul(wa, v128.load(a)), f32x4.mul(wb, v128.load(b)));
    const other = f32x4.add(f32x4.mul(wc, v128.load(c)), f32x4.mul(wd, v128.load(d)));
    v128.store(to, f32x4.add(v128.load(to), f32x4.add(first, other)));
  }
}

function addOne(from: usize, weight: f32, bytes: usize, to: usize): void {
  const factor = f32x4.splat(weight);
  for (const end = to + bytes; to < end; to += 16, from += 16)
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(factor, v128.load(from))));
}
