// Runs of float32 as vectors, four numbers at a time.

/** sum + left · right: rounded once where the module is compiled for machines that can, else twice. */
export function addProduct(sum: v128, left: v128, right: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(left, right, sum);
  return f32x4.add(sum, f32x4.mul(left, right));
}

export function sumOf(value: v128): f32 {
  const pairs = f32x4.add(value, v128.shuffle<f32>(value, value, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** to += scale · from, of `count` float32, a multiple of 4. */
export function addScaled(to: usize, scale: f32, from: usize, count: i32): void {
  const factor = f32x4.splat(scale);
  for (const end = to + ((<usize>count) << 2); to < end; to += 16, from += 16)
    v128.store(to, addProduct(v128.load(to), factor, v128.load(from)));
}

/** left · right, of `count` float32, a multiple of 16. */
export function dotFloats(left: usize, right: usize, count: i32): f64 {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  for (const end = left + ((<usize>count) << 2); left < end; left += 64, right += 64) {
    a = addProduct(a, v128.load(left), v128.load(right));
    b = addProduct(b, v128.load(left, 16), v128.load(right, 16));
    c = addProduct(c, v128.load(left, 32), v128.load(right, 32));
    d = addProduct(d, v128.load(left, 48), v128.load(right, 48));
  }
  return <f64>sumOf(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}
