// Errors somebody acts on. Each message is a sentence for the person: what happened, to what, what to do next.

/** The work was told to stop. Never shown as a failure. */
export class Stopped extends Error {
  override readonly name = "AbortError";
  constructor() {
    super("Stopped.");
  }
}

/** A strategy was asked for more rows than there are. */
export class PoolExhausted extends Error {
  override readonly name = "PoolExhausted";
  constructor(wanted: number, available: number) {
    super(
      `${wanted} questions were wanted and only ${available} items are left to ask about. Import more items, or stop here.`,
    );
  }
}

/** There is too little to fit a model on. */
export class TooFewLabels extends Error {
  override readonly name = "TooFewLabels";
  constructor(message = "A model needs labels of at least two classes. Answer a few more questions.") {
    super(message);
  }
}

/** Anything that can be asked whether to stop; an AbortSignal is one. */
export interface StopSignal {
  readonly aborted: boolean;
}

export function throwIfStopped(stop: StopSignal | null): void {
  if (stop?.aborted) throw new Stopped();
}

export function throwIfExhausted(wanted: number, available: number): void {
  if (wanted > available) throw new PoolExhausted(wanted, available);
}
