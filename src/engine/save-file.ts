// Saves a stream of bytes: straight to the file the person chose where the browser lets them, else as an
// ordinary download.

/** The part of the File System Access API that is used here; TypeScript does not know it yet. */
interface SavePicker {
  showSaveFilePicker?(options: {
    suggestedName: string;
    types: { accept: Record<string, string[]> }[];
  }): Promise<FileSystemFileHandle>;
}

/**
 * Asks where to save, right after the person's click. null where the browser has no such question: the file
 * then goes to the downloads. @throws AbortError where the person thought better of it.
 */
export async function chooseTarget(name: string, mime: string): Promise<FileSystemFileHandle | null> {
  const { showSaveFilePicker } = window as SavePicker;
  if (!showSaveFilePicker) return null;
  const ending = name.slice(name.lastIndexOf("."));
  const accept = { [mime.replace(/;.*$/, "")]: [ending] };
  try {
    return await showSaveFilePicker.call(window, { suggestedName: name, types: [{ accept }] });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    // Refused by a policy or in a frame: the downloads do.
    return null;
  }
}

/** `wrote` is told how many bytes have been made so far. Nothing stays behind where `bytes` fails. */
export async function saveFile(
  name: string,
  type: string,
  bytes: AsyncIterable<Uint8Array>,
  wrote: (sizeBytes: number) => void = () => undefined,
  target: FileSystemFileHandle | null = null,
): Promise<void> {
  if (target) await writeTo(target, bytes, wrote);
  else await download(name, type, bytes, wrote);
}

/** The file itself changes only once all of it is written. */
async function writeTo(
  target: FileSystemFileHandle,
  bytes: AsyncIterable<Uint8Array>,
  wrote: (sizeBytes: number) => void,
): Promise<void> {
  const stream = await target.createWritable();
  let sizeBytes = 0;
  try {
    for await (const part of bytes) {
      await stream.write(part as Uint8Array<ArrayBuffer>);
      wrote((sizeBytes += part.byteLength));
    }
  } catch (error) {
    // What failed first is what the person should hear of.
    await stream.abort().catch(() => undefined);
    throw error;
  }
  await stream.close();
}

async function download(
  name: string,
  type: string,
  bytes: AsyncIterable<Uint8Array>,
  wrote: (sizeBytes: number) => void,
): Promise<void> {
  const parts: BlobPart[] = [];
  let sizeBytes = 0;
  for await (const part of bytes) {
    // As Blobs, so that the browser may move large exports to disk.
    parts.push(new Blob([part as Uint8Array<ArrayBuffer>]));
    wrote((sizeBytes += part.byteLength));
  }
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address by then; a minute is generous for slow disks.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
