// Long work in steps: whoever runs it may let messages in between two of them, a stop above all.

/** Yields between pieces of work that are each short; returns what comes of them. */
export type Steps<Result> = Generator<void, Result>;

/** Does all of it at once. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Pauses after every step. @throws what a step or a pause throws; nothing goes on after that. */
export async function finishWithPauses<Result>(
  steps: Steps<Result>,
  pause: () => Promise<void>,
): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await pause();
  }
}
