// The batch-hard triplet loss (Hermans, Beyer and Leibe, "In defense of the triplet loss for person
// re-identification", 2017, arXiv 1703.07737), and batches in which every item has a partner.

import type { Random } from "../random";

/** Of distances between rows of length 1, which are 2 at most; FaceNet's. */
export const tripletMargin = 0.2;

/**
 * Mean over the anchors of max(0, farthest of the same class − nearest of another + margin), with Euclidean
 * distances. Rows without a partner, and all rows where there is one class only, are no anchors; 0 without any.
 * @param values rows × dims, row-major.
 * @param labels the class of each row.
 */
export function hardTripletLoss(
  values: Float32Array,
  dims: number,
  labels: readonly number[],
  margin = tripletMargin,
): number {
  let sum = 0;
  let anchors = 0;
  for (let anchor = 0; anchor < labels.length; anchor++) {
    let farthest = -Infinity;
    let nearest = Infinity;
    for (let other = 0; other < labels.length; other++) {
      if (other === anchor) continue;
      const between = distance(values, dims, anchor, other);
      if (labels[other] === labels[anchor]) farthest = Math.max(farthest, between);
      else nearest = Math.min(nearest, between);
    }
    if (farthest === -Infinity || nearest === Infinity) continue;
    sum += Math.max(0, farthest - nearest + margin);
    anchors += 1;
  }
  return anchors === 0 ? 0 : sum / anchors;
}

function distance(values: Float32Array, dims: number, one: number, other: number): number {
  let sum = 0;
  for (let k = 0; k < dims; k++) sum += (values[one * dims + k]! - values[other * dims + k]!) ** 2;
  return Math.sqrt(sum);
}

/**
 * One epoch of batches of `size` places, two or more of each class drawn: as many batches as would show every item
 * once. A class of one item gives it twice, seen differently each time.
 */
export function tripletBatches(labels: readonly number[], size: number, random: Random): number[][] {
  const byClass = new Map<number, number[]>();
  labels.forEach((label, at) => byClass.set(label, [...(byClass.get(label) ?? []), at]));
  const classes = [...byClass.keys()].sort((a, b) => a - b);
  const drawn = Math.min(classes.length, Math.max(2, Math.floor(size / 4)));
  const each = Math.max(2, Math.floor(size / drawn));
  return Array.from({ length: Math.ceil(labels.length / size) }, () =>
    random.sample(classes.length, drawn).flatMap((place) => {
      const own = byClass.get(classes[place]!)!;
      const order = random.shuffle([...own]);
      return Array.from({ length: each }, (_, at) => order[at % order.length]!);
    }),
  );
}
