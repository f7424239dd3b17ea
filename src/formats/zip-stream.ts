// Writes a zip archive as a stream: one entry in memory at a time, and nothing written ahead of the reader.

import { throwIfStopped, type StopSignal } from "../core/errors";
import { BlobReader, ZipWriter } from "./zip-library";

export interface NewEntry {
  /** Forward slashes, relative, unique in the archive. */
  readonly path: string;
  readonly content: Blob | Uint8Array<ArrayBuffer> | string | AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** For what is compressed already, such as photos. */
  readonly stored?: boolean;
}

export async function* zipStream(
  entries: AsyncIterable<NewEntry>,
  createdAt: number,
  stop: StopSignal | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  const reader = readable.getReader();
  const writing = writeEntries(writable, entries, new Date(createdAt), stop);
  // Looked at below; without this it would count as unhandled until then.
  writing.catch(() => {});
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    finished = true;
    await writing;
  } finally {
    if (!finished) await reader.cancel().catch(() => {});
  }
}

async function writeEntries(
  writable: WritableStream<Uint8Array<ArrayBuffer>>,
  entries: AsyncIterable<NewEntry>,
  lastModDate: Date,
  stop: StopSignal | null,
): Promise<void> {
  // Sizes in front of each entry, not behind it: some programs cannot unpack stored entries otherwise.
  const zip = new ZipWriter(writable, { lastModDate, dataDescriptor: false, extendedTimestamp: false });
  try {
    for await (const { path, content, stored } of entries) {
      throwIfStopped(stop);
      await zip.add(path, readerOf(content), stored ? { level: 0 } : {});
    }
    await zip.close();
  } catch (error) {
    await writable.abort(error).catch(() => {});
    throw error;
  }
}

function readerOf(content: NewEntry["content"]): BlobReader | ReadableStream<Uint8Array<ArrayBuffer>> {
  if (content instanceof Blob) return new BlobReader(content);
  if (typeof content === "string" || content instanceof Uint8Array)
    return new BlobReader(new Blob([content]));
  const pieces = content[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return?.();
    },
  });
}
