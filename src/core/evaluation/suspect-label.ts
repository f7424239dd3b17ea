// Which labels look like mistakes: confident learning (Northcutt, Jiang and Chuang, 2021). A label is suspect
// where the model is as sure of another class as it usually is of that class's own items.

/** Mean probability of each class over the items labelled with it; NaN where no item has the label. */
export class ClassConfidence {
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  constructor(classes: number) {
    this.#sums = new Float64Array(classes);
    this.#counts = new Float64Array(classes);
  }

  /** @param probability that the model gives the item's own label, 0 to 1. */
  add(label: number, probability: number): void {
    this.#sums[label]! += probability;
    this.#counts[label]! += 1;
  }

  thresholds(): Float64Array {
    return this.#sums.map((sum, place) => sum / this.#counts[place]!);
  }
}

/**
 * @param probabilities of one item, by class.
 * @param thresholds from ClassConfidence, by class.
 */
export function isSuspect(
  probabilities: ArrayLike<number>,
  label: number,
  thresholds: Float64Array,
): boolean {
  let confident = -1;
  for (let place = 0; place < thresholds.length; place++) {
    // A class without items has a threshold of NaN, which nothing reaches.
    if (!(probabilities[place]! >= thresholds[place]!)) continue;
    if (confident === -1 || probabilities[place]! > probabilities[confident]!) confident = place;
  }
  return confident !== -1 && confident !== label;
}
