// Softmax and the three uncertainties of core/scores.ts, four rows at a time, a lane each. What is left beside the
// likeliest class is added up by itself, so that sure rows keep their digits.

/** exp of anything lower is taken as 2^−126: nothing, beside the likeliest class's 1. */
const lowest: f32 = -87;
const greatest: f32 = 3.4028234663852886e38;

/** e^x for −87 ≤ x ≤ 0 to about 2e-7 of itself: x = n ln 2 + r, and Cephes' polynomial for e^r. */
export function exp4(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let y = f32x4.splat(1.98756915e-4);
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.mul(y, f32x4.mul(r, r)), f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

/** ln(1 + x) for x ≥ 0 to about 1e-7 of itself: Cephes' logarithm of u = 1 + x, and what rounding took from u. */
function log1p4(x: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.add(one, x);
  const lost = f32x4.div(f32x4.sub(x, f32x4.sub(u, one)), u);
  let exponent = i32x4.sub(i32x4.shr_u(u, 23), i32x4.splat(127));
  let m = v128.or(v128.and(u, i32x4.splat(0x7fffff)), i32x4.splat(0x3f800000));
  const isHigh = f32x4.gt(m, f32x4.splat(1.41421356));
  m = v128.bitselect(f32x4.mul(m, f32x4.splat(0.5)), m, isHigh);
  exponent = i32x4.sub(exponent, isHigh);
  const e = f32x4.convert_i32x4_s(exponent);
  const r = f32x4.sub(m, one);
  const square = f32x4.mul(r, r);
  let y = f32x4.splat(7.0376836292e-2);
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(-1.151461031e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.167699874e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(-1.2420140846e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.4249322787e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(-1.6668057665e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(2.0000714765e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(-2.4999993993e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(3.3333331174e-1));
  y = f32x4.mul(f32x4.mul(y, r), square);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.1219444e-4)));
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)));
  const large = f32x4.mul(e, f32x4.splat(0.693359375));
  return f32x4.add(f32x4.add(f32x4.add(r, y), large), lost);
}

/** All ones in the lanes below `count`. */
export function lanesBelow(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** Swaps rows and columns of four times four numbers, whose rows are `bytes` apart. */
function transpose(at: usize, bytes: usize): void {
  const a = v128.load(at);
  const b = v128.load(at + bytes);
  const c = v128.load(at + 2 * bytes);
  const d = v128.load(at + 3 * bytes);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(at, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(at + bytes, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(at + 2 * bytes, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(at + 3 * bytes, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}

/** Where a class's number for four rows stands once their blocks of four are transposed in place. */
function laneOf(logits: usize, class_: usize, bytes: usize): usize {
  return logits + (class_ & 3) * bytes + ((class_ & ~3) << 2);
}

/**
 * Answers are written for `count` rounded up to a multiple of 4, and as many logits must be there.
 * @param logits rows of `width` float32, a multiple of 4; without the bias, and used up.
 * @param bias `classes` float32.
 * @param probabilities rows of `classes`, with 12 bytes to spare behind the last.
 * @param classes at least 2.
 * @param perNat 1 / ln classes.
 */
export function scoreBlock(
  logits: usize,
  count: i32,
  width: i32,
  bias: usize,
  classes: i32,
  probabilities: usize,
  leastConfidence: usize,
  margin: usize,
  entropy: usize,
  perNat: f32,
): void {
  const bytes = (<usize>width) << 2;
  const used = (<usize>((classes + 3) & ~3)) << 2;
  const spread = f32x4.splat(<f32>classes / <f32>(classes - 1));
  for (let row = 0; row < count; row += 4, logits += bytes << 2) {
    for (let at: usize = 0; at < used; at += 16) transpose(logits + at, bytes);
    scoreLanes(logits, bytes, bias, classes, spread, leastConfidence, margin, entropy, f32x4.splat(perNat));
    leastConfidence += 16;
    margin += 16;
    entropy += 16;
    for (let at: usize = 0; at < used; at += 16) transpose(logits + at, bytes);
    // A row after the other: what is written behind the end of one is the beginning of the next.
    for (let own = logits, end = logits + (bytes << 2); own < end; own += bytes) {
      for (let at: usize = 0; at < used; at += 16) v128.store(probabilities + at, v128.load(own + at));
      probabilities += (<usize>classes) << 2;
    }
  }
}

/** Turns the logits of four transposed rows into probabilities, and writes the uncertainties of the four. */
function scoreLanes(
  logits: usize,
  bytes: usize,
  bias: usize,
  classes: usize,
  spread: v128,
  leastConfidence: usize,
  margin: usize,
  entropy: usize,
  perNat: v128,
): void {
  const most = f32x4.splat(greatest);
  const least = f32x4.splat(-greatest);
  const one = f32x4.splat(1);
  let peak = least;
  for (let c: usize = 0; c < classes; c++) {
    const at = laneOf(logits, c, bytes);
    const logit = f32x4.add(v128.load(at), v128.load32_splat(bias + (c << 2)));
    const inside = f32x4.max(least, f32x4.min(most, logit));
    v128.store(at, inside);
    peak = f32x4.max(peak, inside);
  }
  let others = f32x4.splat(0);
  let weighted = f32x4.splat(0);
  let first = f32x4.splat(0);
  let second = f32x4.splat(0);
  let tops = i32x4.splat(0);
  for (let c: usize = 0; c < classes; c++) {
    const at = laneOf(logits, c, bytes);
    const below = f32x4.max(f32x4.splat(lowest), f32x4.sub(v128.load(at), peak));
    const share = exp4(below);
    v128.store(at, share);
    const isTop = f32x4.eq(share, one);
    tops = i32x4.sub(tops, isTop);
    others = f32x4.add(others, v128.andnot(share, isTop));
    weighted = f32x4.sub(weighted, f32x4.mul(share, below));
    second = f32x4.max(second, f32x4.min(first, share));
    first = f32x4.max(first, share);
  }
  // Relative to the likeliest class's 1.
  const beside = f32x4.add(others, f32x4.convert_i32x4_s(i32x4.sub(tops, i32x4.splat(1))));
  const factor = f32x4.div(one, f32x4.add(one, beside));
  v128.store(leastConfidence, f32x4.mul(f32x4.mul(beside, factor), spread));
  v128.store(margin, f32x4.mul(f32x4.add(beside, second), factor));
  v128.store(entropy, f32x4.mul(f32x4.add(log1p4(beside), f32x4.mul(weighted, factor)), perNat));
  for (let c: usize = 0; c < classes; c++) {
    const at = laneOf(logits, c, bytes);
    v128.store(at, f32x4.mul(v128.load(at), factor));
  }
}
