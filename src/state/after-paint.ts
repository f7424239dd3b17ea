// Waiting, so that what the person looks at comes before what is done behind it.

/** In a hidden tab nothing is painted, so the work does not wait for that for ever. */
const longestWaitMs = 100;

/** Ends once the next frame is on the screen. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    // A task queued in a frame callback runs after that frame was painted.
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, longestWaitMs);
  });
}

/** @throws the signal's reason as soon as it is given. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
