// Turns whatever was thrown into the sentence a person is shown.

/** An AbortError is somebody's wish, not a failure. */
export function isStopped(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message === ""
    ? "Something went wrong and the browser did not say what. Reload the page; what you saved is safe."
    : message;
}
