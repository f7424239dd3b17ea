// Undoes what neighbouring pixels share, so that patches are compared by structure rather than by brightness
// ramps, which every photograph is full of (Coates & Ng, 2012, section 3).

export interface Whitening {
  readonly mean: Float32Array;
  /** Lower triangular, length × length, row-major, of double precision: L with L Lᵀ = covariance + ridge. */
  readonly factor: Float64Array;
}

/** Share of the mean variance added to every direction; directions weaker than it are noise. */
const RIDGE = 0.1;

/** By Cholesky: a rotation of ZCA, which dot products cannot tell from it, at a fraction of the work. */
export function learnWhitening(patches: Float32Array, count: number, length: number): Whitening {
  const mean = new Float32Array(length);
  for (let row = 0; row < count; row++)
    for (let at = 0; at < length; at++) mean[at]! += patches[row * length + at]! / count;
  const factor = covariance(patches, count, mean);
  let trace = 0;
  for (let at = 0; at < length; at++) trace += factor[at * length + at]!;
  // The floor is for a sample without any contrast, or without any patch.
  const ridge = (RIDGE * trace) / length + 1e-3;
  for (let one = 0; one < length; one++)
    for (let two = 0; two <= one; two++) {
      let sum = factor[one * length + two]! + (one === two ? ridge : 0);
      for (let at = 0; at < two; at++) sum -= factor[one * length + at]! * factor[two * length + at]!;
      factor[one * length + two] =
        one === two ? Math.sqrt(Math.max(sum, ridge / 2)) : sum / factor[two * length + two]!;
    }
  return { mean, factor };
}

/** The lower triangle only. */
function covariance(patches: Float32Array, count: number, mean: Float32Array): Float64Array {
  const length = mean.length;
  const sums = new Float64Array(length * length);
  const centred = new Float64Array(length);
  for (let row = 0; row < count; row++) {
    for (let at = 0; at < length; at++) centred[at] = patches[row * length + at]! - mean[at]!;
    for (let one = 0; one < length; one++) {
      const value = centred[one]! / count;
      for (let two = 0; two <= one; two++) sums[one * length + two]! += value * centred[two]!;
    }
  }
  return sums;
}

/** In place: row ← L⁻¹ (row - mean). */
export function whiten(row: Float32Array, { mean, factor }: Whitening): void {
  const length = mean.length;
  for (let one = 0; one < length; one++) {
    let sum = row[one]! - mean[one]!;
    for (let at = 0; at < one; at++) sum -= factor[one * length + at]! * row[at]!;
    row[one] = sum / factor[one * length + one]!;
  }
}

/** In place: turns a direction among whitened patches into the filter that gives the same products on raw ones. */
export function toFilter(direction: Float32Array, { factor, mean }: Whitening): void {
  const length = mean.length;
  for (let one = length - 1; one >= 0; one--) {
    let sum = direction[one]!;
    for (let at = one + 1; at < length; at++) sum -= factor[at * length + one]! * direction[at]!;
    direction[one] = sum / factor[one * length + one]!;
  }
}
