// Files that stay where the person keeps them: in place of an item's bytes lies a handle, with the size and time the
// file had when it came in. Only some browsers have such handles, and each visit asks for leave anew.

export interface LinkedFile {
  readonly handle: FileSystemFileHandle;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** `locked`: the browser has not been given leave to read it on this visit. */
export type LinkedState = "there" | "changed" | "gone" | "locked";

export interface LinkedContent {
  readonly state: LinkedState;
  /** null unless it is there. A changed file is another item. */
  readonly file: File | null;
}

/** Looks at the file without reading it. */
export async function openLinked({ handle, sizeBytes, modifiedAt }: LinkedFile): Promise<LinkedContent> {
  try {
    const file = await handle.getFile();
    const same = file.size === sizeBytes && file.lastModified === modifiedAt;
    return same ? { state: "there", file } : { state: "changed", file: null };
  } catch (error) {
    return { state: stateOf(error), file: null };
  }
}

/** null where it is not there as it was; see `openLinked` for why. */
export async function readLinked(linked: LinkedFile): Promise<ArrayBuffer | null> {
  const { file } = await openLinked(linked);
  try {
    return (await file?.arrayBuffer()) ?? null;
  } catch (error) {
    // It went away, or was written to, between the look and the reading.
    stateOf(error);
    return null;
  }
}

/** @throws what has nothing to do with the file being there. */
function stateOf(error: unknown): LinkedState {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "locked";
  if (name === "NotFoundError" || name === "NotReadableError" || name === "TypeMismatchError") return "gone";
  throw error;
}
