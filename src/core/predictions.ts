// Predictions for many items in typed columns, and the order in which a person looks at them.

/** What the person wants to see of them. */
export interface PredictionFilter {
  /** Column of the model; null for every class. */
  readonly guess: number | null;
  /** Least probability of the guess, 0 to 1. */
  readonly atLeast: number;
  readonly order: "surest" | "most doubtful" | "as given";
}

/** Grows by batches. Rows are places in the order of coming. */
export class PredictionColumns {
  readonly classes: number;
  readonly names: string[] = [];
  #probabilities = new Float32Array(0);
  #guesses = new Uint16Array(0);
  #confidences = new Float32Array(0);

  constructor(classes: number) {
    this.classes = classes;
  }

  get length(): number {
    return this.names.length;
  }

  /** @param probabilities names.length × classes, row-major. */
  add(names: readonly string[], probabilities: Float32Array): void {
    const { classes } = this;
    if (probabilities.length !== names.length * classes)
      throw new RangeError(
        `${probabilities.length} probabilities do not make ${names.length} rows of ${classes} classes.`,
      );
    const from = this.length;
    this.#reserve(from + names.length);
    this.#probabilities.set(probabilities, from * classes);
    for (const name of names) this.names.push(name);
    for (let row = from; row < this.length; row++) {
      const ofRow = this.probabilitiesOf(row);
      // Of equal ones the first class.
      const best = ofRow.reduce((a, value, at) => (value > ofRow[a]! ? at : a), 0);
      this.#guesses[row] = best;
      this.#confidences[row] = ofRow[best] ?? 0;
    }
  }

  guessOf(row: number): number {
    return this.#guesses[row]!;
  }

  confidenceOf(row: number): number {
    return this.#confidences[row]!;
  }

  probabilitiesOf(row: number): Float32Array {
    return this.#probabilities.subarray(row * this.classes, (row + 1) * this.classes);
  }

  /** The rows that pass, in the order wanted; equal ones as they came. */
  look({ guess, atLeast, order }: PredictionFilter): Uint32Array {
    const rows = new Uint32Array(this.length);
    let count = 0;
    for (let row = 0; row < this.length; row++)
      if ((guess === null || this.#guesses[row] === guess) && this.#confidences[row]! >= atLeast)
        rows[count++] = row;
    const found = rows.slice(0, count);
    if (order === "as given") return found;
    const sign = order === "surest" ? -1 : 1;
    return found.sort((a, b) => sign * (this.#confidences[a]! - this.#confidences[b]!) || a - b);
  }

  #reserve(rows: number): void {
    if (rows <= this.#guesses.length) return;
    const room = Math.max(rows, 1024, this.#guesses.length * 2);
    const grown = <T extends Float32Array | Uint16Array>(old: T, next: T): T => {
      next.set(old);
      return next;
    };
    this.#guesses = grown(this.#guesses, new Uint16Array(room));
    this.#confidences = grown(this.#confidences, new Float32Array(room));
    this.#probabilities = grown(this.#probabilities, new Float32Array(room * this.classes));
  }
}
