// Lets a message that says stop arrive during a long calculation: a synchronous loop would never see it.

import { type StopSignal, throwIfStopped } from "../../../src/core/errors";

/** Short enough that stopping feels immediate, long enough that the pauses cost nothing. */
const WORK_MS = 50;

/** Called between small pieces of work; pauses only where the last pause is long ago. Throws when stopped. */
export type Pace = () => Promise<void>;

/** The clock decides when to pause, never what is calculated. */
export function createPace(stop: StopSignal | null): Pace {
  let last = performance.now();
  return async () => {
    if (performance.now() - last > WORK_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      last = performance.now();
    }
    throwIfStopped(stop);
  };
}
