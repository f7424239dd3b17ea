// Softmax and the three uncertainties of core/scores.ts, four classes at a time. What is left beside the likeliest
// class is added up by itself, so that sure rows keep their digits.

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

/** ln(1 + x). */
declare function log1p(x: f64): f64;

/** All ones in the lanes below `count`. */
export function lanesBelow(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/**
 * @param logits rows of `width` float32, a multiple of 4; without the bias, and used up.
 * @param bias `width` float32, −greatest behind the classes.
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
  perNat: f64,
): void {
  const most = f32x4.splat(greatest);
  const used = (<usize>((classes + 3) & ~3)) << 2;
  const whole = (<usize>(classes & ~3)) << 2;
  const rest = lanesBelow(classes & 3);
  const spread: f64 = <f64>classes / <f64>(classes - 1);
  for (let row: usize = 0; row < <usize>count; row++, logits += (<usize>width) << 2) {
    let highest = f32x4.splat(-greatest);
    for (let at: usize = 0; at < used; at += 16) {
      const logit = f32x4.add(v128.load(logits + at), v128.load(bias + at));
      const inside = f32x4.max(f32x4.neg(most), f32x4.min(most, logit));
      v128.store(logits + at, inside);
      highest = f32x4.max(highest, inside);
    }
    const peak = f32x4.splat(highestOf(highest));
    let others = f32x4.splat(0);
    let weighted = f32x4.splat(0);
    let first = f32x4.splat(0);
    let second = f32x4.splat(0);
    let tops = i32x4.splat(0);
    for (let at: usize = 0; at < used; at += 16) {
      const below = f32x4.max(f32x4.splat(lowest), f32x4.sub(v128.load(logits + at), peak));
      let share = exp4(below);
      if (at >= whole) share = v128.and(share, rest);
      v128.store(logits + at, share);
      const isTop = f32x4.eq(share, f32x4.splat(1));
      tops = i32x4.sub(tops, isTop);
      others = f32x4.add(others, v128.andnot(share, isTop));
      weighted = f32x4.sub(weighted, f32x4.mul(share, below));
      second = f32x4.max(second, f32x4.min(first, share));
      first = f32x4.max(first, share);
    }
    // Relative to the likeliest class's 1.
    const beside = sumOf(others) + <f64>(countOf(tops) - 1);
    const total = 1 + beside;
    const factor = f32x4.splat(<f32>(1 / total));
    for (let at: usize = 0; at < used; at += 16)
      v128.store(probabilities + at, f32x4.mul(v128.load(logits + at), factor));
    probabilities += (<usize>classes) << 2;
    const place = row << 2;
    store<f32>(leastConfidence + place, <f32>((beside / total) * spread));
    store<f32>(margin + place, <f32>((beside + secondOf(first, second)) / total));
    store<f32>(entropy + place, <f32>((log1p(beside) + sumOf(weighted) / total) * perNat));
  }
}

function highestOf(value: v128): f32 {
  const low = max(f32x4.extract_lane(value, 0), f32x4.extract_lane(value, 1));
  return max(low, max(f32x4.extract_lane(value, 2), f32x4.extract_lane(value, 3)));
}

/** The second largest of all, from the largest and the second of each lane. */
function secondOf(first: v128, second: v128): f64 {
  let best: f32 = 0;
  let next = highestOf(second);
  for (let turn = 0; turn < 4; turn++) {
    const value = f32x4.extract_lane(first, 0);
    next = max(next, min(best, value));
    best = max(best, value);
    first = v128.shuffle<i32>(first, first, 1, 2, 3, 0);
  }
  return <f64>next;
}

function sumOf(value: v128): f64 {
  const low = <f64>f32x4.extract_lane(value, 0) + <f64>f32x4.extract_lane(value, 1);
  return low + <f64>f32x4.extract_lane(value, 2) + <f64>f32x4.extract_lane(value, 3);
}

function countOf(value: v128): i32 {
  const low = i32x4.extract_lane(value, 0) + i32x4.extract_lane(value, 1);
  return low + i32x4.extract_lane(value, 2) + i32x4.extract_lane(value, 3);
}
