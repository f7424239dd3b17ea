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

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
