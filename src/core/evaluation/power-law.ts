// The shape most learning curves have: accuracy = a − b · n^(−c), fitted to a few points and read beyond them.

/** A point of a learning curve: a share right at that many labels, believed as much as its weight. */
export interface CurvePoint {
  readonly labels: number;
  readonly share: number;
  readonly weight: number;
}

export interface PowerLaw {
  /** What it comes to in the end, at most 1. */
  readonly limit: number;
  readonly drop: number;
  readonly rate: number;
}

/** From curves that still climb after thousands of labels to those that are flat after ten. */
const rates = Array.from({ length: 20 }, (_, at) => 0.1 * 1.17 ** at);

/**
 * Least squares over a grid of rates, with a ≤ 1 and b ≥ 0 (Figueroa et al., Predicting Sample Size Required for
 * Classification Performance, 2012). null with fewer than 3 different numbers of labels.
 */
export function fitPowerLaw(points: readonly CurvePoint[]): PowerLaw | null {
  if (new Set(points.map(({ labels }) => labels)).size < 3) return null;
  let best: PowerLaw | null = null;
  let least = Infinity;
  for (const rate of rates) {
    const law = fitAtRate(points, rate);
    const error = points.reduce(
      (sum, { labels, share, weight }) => sum + weight * (share - shareAt(law, labels)) ** 2,
      0,
    );
    if (error < least) [best, least] = [law, error];
  }
  return best;
}

export function shareAt({ limit, drop, rate }: PowerLaw, labels: number): number {
  return limit - drop * Math.max(1, labels) ** -rate;
}

/** Labels at which the law reaches the share; Infinity where it never does. */
export function labelsFor({ limit, drop, rate }: PowerLaw, share: number): number {
  if (drop <= 0) return share <= limit ? 1 : Infinity;
  return share >= limit ? Infinity : Math.max(1, ((limit - share) / drop) ** (-1 / rate));
}

function fitAtRate(points: readonly CurvePoint[], rate: number): PowerLaw {
  let [sw, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const { labels, share, weight } of points) {
    const x = Math.max(1, labels) ** -rate;
    sw += weight;
    sx += weight * x;
    sy += weight * share;
    sxx += weight * x * x;
    sxy += weight * x * share;
  }
  const slope = (sw * sxy - sx * sy) / (sw * sxx - sx * sx);
  const limit = (sy - slope * sx) / sw;
  if (slope >= 0) return { limit: sy / sw, drop: 0, rate };
  if (limit <= 1) return { limit, drop: -slope, rate };
  // The best that ends at 1.
  return { limit: 1, drop: Math.max(0, (sx - sxy) / sxx), rate };
}
