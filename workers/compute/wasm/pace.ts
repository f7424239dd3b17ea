// Lets a long call hear that it should stop: a worker that never returns to its event loop gets no messages.

import { throwIfStopped, type StopSignal } from "../../../src/core/errors";
import { nextTask } from "../../serve";

/** Short beside the time a person waits for a stop, long beside the cost of a pause. */
const uninterruptedMs = 40;

/** To be awaited between steps. Where nobody can stop the work, it never pauses. @throws Stopped */
export function createPace(stop: StopSignal | null): () => Promise<void> | undefined {
  if (!stop) return () => undefined;
  let resumedAt = performance.now();
  const pause = async () => {
    await nextTask();
    resumedAt = performance.now();
    throwIfStopped(stop);
  };
  return () => {
    throwIfStopped(stop);
    return performance.now() - resumedAt > uninterruptedMs ? pause() : undefined;
  };
}
