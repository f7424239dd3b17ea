// Opens a zip archive and reads its entries one at a time, without loading the archive, and on guard against
// archives that unpack to more than they should.

import { throwIfStopped, type StopSignal } from "../core/errors";
import { leftOut, UnreadableFile, type Problem } from "./reader";
import {
  BlobReader,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_SPLIT_ZIP_FILE,
  ERR_UNSUPPORTED_COMPRESSION,
  ZipReader,
  type Entry,
  type FileEntry,
} from "./zip-library";
import { cleanPath, isClutter } from "./zip-path";

export interface ZipEntry {
  /** Cleaned: forward slashes, relative, nothing that climbs. Two entries may share a path. */
  readonly path: string;
  /** As the archive claims; `read` does not trust it. */
  readonly sizeBytes: number;
  /** Already among the archive's problems; `read` rejects. */
  readonly encrypted: boolean;
  readonly directory: boolean;
  /**
   * Unpacks the entry into memory. Read one entry at a time.
   * @throws ZipEntryError where it is too large, damaged, encrypted or of an unknown method; Stopped.
   */
  read(limitBytes: number, stop?: StopSignal | null): Promise<Uint8Array<ArrayBuffer>>;
}

export interface ZipArchive {
  readonly entries: readonly ZipEntry[];
  /** Entries that cannot go in, one by one. */
  readonly problems: readonly Problem[];
  close(): Promise<void>;
}

/** One entry cannot be read; the others can. The message names it. */
export class ZipEntryError extends Error {
  override readonly name = "ZipEntryError";
}

/** Past this, contents 200 times their packed size are a bomb; photos reach 1.1, logs 20. */
const freeBytes = 10 * 1024 * 1024;
const maxRatio = 200;
/** Ten times the largest import asked for; each costs about a kilobyte of memory. */
const maxEntries = 1_000_000;

/** @throws UnreadableFile */
export async function openZip(blob: Blob, stop: StopSignal | null = null): Promise<ZipArchive> {
  const reader = new ZipReader(new BlobReader(blob), {
    strictness: "tolerant",
    filenameValidation: "tolerant",
    checkCrc32: true,
  });
  const entries: ZipEntry[] = [];
  const problems: Problem[] = [];
  const budget = new Budget(blob.size);
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      throwIfStopped(stop);
      if (entries.length >= maxEntries) {
        const message = "The archive has more than 1,000,000 entries; the rest was left out.";
        problems.push({ place: "file", message });
        break;
      }
      const listed = list(entry, budget);
      if (listed.problem) problems.push(listed.problem);
      if (listed.entry) entries.push(listed.entry);
    }
  } catch (error) {
    throw translateOpening(error);
  }
  return { entries, problems, close: () => reader.close() };
}

function list(entry: Entry, budget: Budget): { readonly entry?: ZipEntry; readonly problem?: Problem } {
  const clean = cleanPath(entry.filename);
  if ("refusal" in clean) return { problem: leftOut(shown(entry.filename), clean.refusal) };
  const { path } = clean;
  if (isClutter(path)) return {};
  if (entry.directory)
    return {
      entry: { path, sizeBytes: 0, encrypted: false, directory: true, read: async () => new Uint8Array() },
    };
  if (entry.symlink) return { problem: leftOut(path, "is a link to another file") };
  if (/\.zip$/i.test(path)) {
    const message = `${path} is a zip inside a zip and is not opened; unpack it first.`;
    return { problem: { place: path, message } };
  }
  const { uncompressedSize: sizeBytes, encrypted } = entry;
  const listed: ZipEntry = {
    path,
    sizeBytes,
    encrypted,
    directory: false,
    read: (limitBytes, stop = null) => unpack(entry, path, limitBytes, budget, stop),
  };
  if (!encrypted) return { entry: listed };
  const message = `${path} is protected by a password; it was left out. Unpack the archive first and import the folder.`;
  return { entry: listed, problem: { place: path, message } };
}

async function unpack(
  entry: FileEntry,
  path: string,
  limitBytes: number,
  budget: Budget,
  stop: StopSignal | null,
): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.encrypted) throw new ZipEntryError(`${path} is protected by a password; it was left out.`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Whatever is thrown in here ends the inflating; zip.js may wrap it, so it is kept to be thrown as it is.
  let refusal: Error | null = null;
  const sink = new WritableStream<Uint8Array>({
    write(chunk) {
      try {
        throwIfStopped(stop);
        size += chunk.length;
        if (size > limitBytes) throw new ZipEntryError(tooLarge(path, limitBytes));
        budget.check(entry, path, size);
        chunks.push(chunk);
      } catch (error) {
        refusal = error as Error;
        throw error;
      }
    },
  });
  try {
    await entry.getData(sink);
  } catch (error) {
    throw refusal ?? translateReading(error, path);
  }
  return joined(chunks, size);
}

/** Counts what really comes out, entry by entry and all together: entries of a bomb may share their bytes. */
class Budget {
  readonly #archiveBytes: number;
  readonly #sizes = new Map<FileEntry, number>();
  #total = 0;

  constructor(archiveBytes: number) {
    this.#archiveBytes = archiveBytes;
  }

  check(entry: FileEntry, path: string, size: number): void {
    // Reading an entry again is no bomb, so each counts once.
    const before = this.#sizes.get(entry) ?? 0;
    if (size > before) {
      this.#sizes.set(entry, size);
      this.#total += size - before;
    }
    const bomb =
      (size > freeBytes && size > maxRatio * entry.compressedSize) ||
      (this.#total > freeBytes && this.#total > maxRatio * this.#archiveBytes);
    if (bomb)
      throw new ZipEntryError(
        `${path} unpacks to more than ${maxRatio} times its size, as archives do that are made to fill up memory; it was left out.`,
      );
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooLarge(path: string, limitBytes: number): string {
  const megabytes = limitBytes / 1024 / 1024;
  const limit = megabytes >= 1 ? `${Math.floor(megabytes)} MB` : `${limitBytes} bytes`;
  return `${path} unpacks to more than ${limit}; it was left out.`;
}

function translateOpening(error: unknown): Error {
  if (error instanceof Error && error.name === "AbortError") return error;
  const reason = error instanceof Error ? error.message : "";
  if (reason === ERR_SPLIT_ZIP_FILE)
    return new UnreadableFile("The archive is one part of several. Unpack all parts and import the folder.");
  if (reason === ERR_ENCRYPTED_CENTRAL_DIRECTORY)
    return new UnreadableFile("The archive is protected by a password. Unpack it and import the folder.");
  return new UnreadableFile(
    "The file is not a zip archive, or it is damaged. Make it again, or import the folder.",
    {
      cause: error,
    },
  );
}

function translateReading(error: unknown, path: string): Error {
  const unknown = error instanceof Error && error.message === ERR_UNSUPPORTED_COMPRESSION;
  const what = unknown ? "is packed in a way browsers cannot unpack" : "is damaged in the archive";
  return new ZipEntryError(`${path} ${what}; it was left out.`, { cause: error });
}

function shown(name: string): string {
  return name.replace(/\p{Cc}/gu, "") || "an entry";
}
