// One piece of work after the other, in the order asked for.

export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Begins once what was asked for before has ended, well or not. Resolves and rejects as the work does. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
