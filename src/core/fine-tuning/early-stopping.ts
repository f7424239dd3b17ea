// Early stopping: training ends once the held-back loss has not fallen for some epochs, and the best epoch counts
// (Prechelt, "Early stopping: but when?", 1998).

/** Falls smaller than this share of the best loss are noise. */
const leastFall = 1e-3;

export class EarlyStopping {
  readonly #patience: number;
  readonly #losses: number[] = [];
  #best = 0;

  /** @param patience epochs in a row that may bring nothing. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Takes the loss of the next epoch, the first being that before training; says whether it is the best so far. */
  note(loss: number): boolean {
    const epoch = this.#losses.push(loss) - 1;
    const best = this.#losses[this.#best]!;
    const better = epoch === 0 || loss < best - leastFall * Math.abs(best);
    if (better) this.#best = epoch;
    return better;
  }

  /** A loss that is no number ends it at once: nothing better comes after it. */
  get isOver(): boolean {
    const epoch = this.#losses.length - 1;
    return epoch - this.#best >= this.#patience || !Number.isFinite(this.#losses[epoch] ?? 0);
  }

  get bestEpoch(): number {
    return this.#best;
  }

  get losses(): readonly number[] {
    return this.#losses;
  }
}
