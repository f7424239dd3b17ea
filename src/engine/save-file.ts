// Saves a stream of bytes as an ordinary download.

/** `wrote` is told how many bytes have been made so far. */
export async function saveFile(
  name: string,
  type: string,
  bytes: AsyncIterable<Uint8Array>,
  wrote: (sizeBytes: number) => void = () => undefined,
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
