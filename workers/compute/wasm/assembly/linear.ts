// The two products of every refit, in float64 so that a fit converges as far as core's own: logits X Wᵀ + b, and
// the gradient residualsᵀ [X, 1]. Rows of the matrix, and of the weights, are `dims` float64, an even number.

/** Two rows by four columns in registers. */
export function fillLogits(
  features: usize,
  rows: i32,
  dims: i32,
  width: i32,
  weights: usize,
  bias: usize,
  logits: usize,
): void {
  const bytes = (<usize>dims) << 3;
  for (let row = 0; row < rows; row += 2) {
    const a = features + <usize>row * bytes;
    const b = row + 1 < rows ? a + bytes : a;
    const toA = logits + ((<usize>row * width) << 3);
    const toB = row + 1 < rows ? toA + ((<usize>width) << 3) : toA;
    let column = 0;
    for (; column + 4 <= width; column += 4) {
      const at = (<usize>column) << 3;
      fillTile(a, b, bytes, weights + <usize>column * bytes, bias + at, toB + at, toA + at);
    }
    for (; column < width; column++) {
      const at = (<usize>column) << 3;
      const own = weights + <usize>column * bytes;
      store<f64>(toB + at, product(b, own, bytes) + load<f64>(bias + at));
      store<f64>(toA + at, product(a, own, bytes) + load<f64>(bias + at));
    }
  }
}

function product(left: usize, right: usize, bytes: usize): f64 {
  let sum = f64x2.splat(0);
  for (const end = left + bytes; left < end; left += 16, right += 16)
    sum = f64x2.add(sum, f64x2.mul(v128.load(left), v128.load(right)));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

function fillTile(
  a: usize,
  b: usize,
  bytes: usize,
  weights: usize,
  bias: usize,
  toB: usize,
  toA: usize,
): void {
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let a2 = f64x2.splat(0);
  let a3 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  let b2 = f64x2.splat(0);
  let b3 = f64x2.splat(0);
  const second = bytes;
  const third = bytes << 1;
  const fourth = bytes * 3;
  b -= a;
  for (const end = a + bytes; a < end; a += 16, weights += 16) {
    const x = v128.load(a);
    const y = v128.load(a + b);
    let w = v128.load(weights);
    a0 = f64x2.add(a0, f64x2.mul(x, w));
    b0 = f64x2.add(b0, f64x2.mul(y, w));
    w = v128.load(weights + second);
    a1 = f64x2.add(a1, f64x2.mul(x, w));
    b1 = f64x2.add(b1, f64x2.mul(y, w));
    w = v128.load(weights + third);
    a2 = f64x2.add(a2, f64x2.mul(x, w));
    b2 = f64x2.add(b2, f64x2.mul(y, w));
    w = v128.load(weights + fourth);
    a3 = f64x2.add(a3, f64x2.mul(x, w));
    b3 = f64x2.add(b3, f64x2.mul(y, w));
  }
  const low = v128.load(bias);
  const high = v128.load(bias, 16);
  v128.store(toB, f64x2.add(low, pairs(b0, b1)));
  v128.store(toB, f64x2.add(high, pairs(b2, b3)), 16);
  v128.store(toA, f64x2.add(low, pairs(a0, a1)));
  v128.store(toA, f64x2.add(high, pairs(a2, a3)), 16);
}

/** The sums of the lanes of each. */
function pairs(left: v128, right: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(left, right, 0, 2), v128.shuffle<f64>(left, right, 1, 3));
}

/** Adds to the gradient (width × dims, then width biases): four rows and two columns at a time. */
export function addGradient(
  features: usize,
  rows: i32,
  dims: i32,
  width: i32,
  residuals: usize,
  gradient: usize,
  biases: usize,
): void {
  const bytes = (<usize>dims) << 3;
  const step = (<usize>width) << 3;
  for (let row = 0; row < rows; row += 4) {
    const x = features + <usize>row * bytes;
    const left = min(4, rows - row);
    for (let column = 0; column < width; column += 2) {
      const own = residuals + <usize>row * step + ((<usize>column) << 3);
      const to = gradient + <usize>column * bytes;
      if (left === 4 && column + 1 < width) addTile(x, bytes, own, step, to, biases + ((<usize>column) << 3));
      else
        for (let c = 0; c < min(2, width - column); c++)
          for (let r = 0; r < left; r++) {
            const residual = load<f64>(own + <usize>r * step + ((<usize>c) << 3));
            const bias = biases + ((<usize>(column + c)) << 3);
            store<f64>(bias, load<f64>(bias) + residual);
            addScaled(x + <usize>r * bytes, bytes, residual, to + <usize>c * bytes);
          }
    }
  }
}

function addScaled(from: usize, bytes: usize, scale: f64, to: usize): void {
  const factor = f64x2.splat(scale);
  for (const end = from + bytes; from < end; from += 16, to += 16)
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(factor, v128.load(from))));
}

function addTile(a: usize, bytes: usize, own: usize, step: usize, to: usize, bias: usize): void {
  const pa = v128.load(own);
  const pb = v128.load(own + step);
  const pc = v128.load(own + 2 * step);
  const pd = v128.load(own + 3 * step);
  v128.store(bias, f64x2.add(v128.load(bias), f64x2.add(f64x2.add(pa, pb), f64x2.add(pc, pd))));
  const a0 = v128.shuffle<f64>(pa, pa, 0, 0);
  const a1 = v128.shuffle<f64>(pa, pa, 1, 1);
  const b0 = v128.shuffle<f64>(pb, pb, 0, 0);
  const b1 = v128.shuffle<f64>(pb, pb, 1, 1);
  const c0 = v128.shuffle<f64>(pc, pc, 0, 0);
  const c1 = v128.shuffle<f64>(pc, pc, 1, 1);
  const d0 = v128.shuffle<f64>(pd, pd, 0, 0);
  const d1 = v128.shuffle<f64>(pd, pd, 1, 1);
  const second = bytes;
  const third = bytes << 1;
  const fourth = bytes * 3;
  for (const end = a + bytes; a < end; a += 16, to += 16) {
    const xa = v128.load(a);
    const xb = v128.load(a + second);
    const xc = v128.load(a + third);
    const xd = v128.load(a + fourth);
    const first = f64x2.add(
      f64x2.add(f64x2.mul(a0, xa), f64x2.mul(b0, xb)),
      f64x2.add(f64x2.mul(c0, xc), f64x2.mul(d0, xd)),
    );
    const other = f64x2.add(
      f64x2.add(f64x2.mul(a1, xa), f64x2.mul(b1, xb)),
      f64x2.add(f64x2.mul(c1, xc), f64x2.mul(d1, xd)),
    );
    v128.store(to, f64x2.add(v128.load(to), first));
    v128.store(to + second, f64x2.add(v128.load(to + second), other));
  }
}
