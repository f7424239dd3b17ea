// Opens a Parquet file a row group at a time, on guard against pages that unpack to more than they say and
// against compressions nobody here knows.

import type { AsyncBuffer, Compressors, FileMetaData } from "hyparquet";
import { throwIfStopped, type StopSignal } from "../core/errors";
import { UnreadableFile } from "./reader";

export interface ParquetFile {
  /** Top-level columns; those of structs one level deep as `outer.inner`. */
  readonly columns: readonly string[];
  readonly groups: readonly { readonly rows: number; readonly firstRow: number; readonly endByte: number }[];
  /** Class names by column, where Hugging Face wrote them into the file. */
  readonly classNames: ReadonlyMap<string, readonly string[]>;
  /**
   * Rows of one group, `from` … `to` − 1 counted within it, each with the top-level columns asked for.
   * @throws GroupFault
   */
  read(
    group: number,
    from: number,
    to: number,
    columns: readonly string[],
  ): Promise<Readonly<Record<string, unknown>>[]>;
}

/** One row group cannot be read; the others can. The message is the middle of a sentence. */
export class GroupFault extends Error {
  override readonly name = "GroupFault";
}

/** Unpacked bytes of the columns asked for that one row group may have: they are held all at once. */
const maxGroupBytes = 512 * 1024 * 1024;
const maxRows = 100_000_000;

/** A mark at the beginning of a text is part of that text. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** @throws UnreadableFile */
export async function openParquet(file: Blob, stop: StopSignal | null): Promise<ParquetFile> {
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import("hyparquet");
  const buffer = bufferOf(file, stop);
  let metadata: FileMetaData;
  let tops: readonly string[];
  try {
    metadata = await parquetMetadataAsync(buffer);
    tops = parquetSchema(metadata).children.map(({ element }) => element.name);
  } catch (cause) {
    throw cause instanceof UnreadableFile || isStop(cause)
      ? cause
      : new UnreadableFile(
          "The file is no Parquet file, or it is cut off. Copy it again, or save it as CSV.",
          { cause },
        );
  }
  const groups: { rows: number; firstRow: number; endByte: number }[] = [];
  let firstRow = 0;
  for (const { num_rows } of metadata.row_groups ?? []) {
    const rows = Number(num_rows);
    if (!Number.isSafeInteger(rows) || rows < 0 || firstRow + rows > maxRows)
      throw new UnreadableFile(
        "The Parquet file says it has more rows than can be. Save it again, or as CSV.",
      );
    firstRow += rows;
    groups.push({
      rows,
      firstRow: firstRow - rows,
      endByte: Math.floor((file.size * (groups.length + 1)) / metadata.row_groups.length),
    });
  }
  return {
    columns: tops,
    groups,
    classNames: classNamesIn(metadata),
    async read(group, from, to, columns) {
      const { rows, firstRow: start } = groups[group]!;
      const needed = bytesOf(metadata, group, columns);
      if (needed > maxGroupBytes)
        throw new GroupFault(
          `unpacks to ${Math.ceil(needed / 1048576)} MB, more than the 512 MB that can be held at once; save the file with smaller row groups`,
        );
      try {
        return await parquetReadObjects({
          file: buffer,
          metadata,
          columns: [...columns],
          rowStart: start + from,
          rowEnd: start + Math.min(rows, to),
          parsers: { stringFromBytes: (bytes) => utf8.decode(bytes) },
          compressors: await compressorsFor(metadata),
        });
      } catch (cause) {
        if (cause instanceof UnreadableFile || cause instanceof GroupFault || isStop(cause)) throw cause;
        const codec = /unsupported compression codec: (\w+)/.exec(String(cause))?.[1];
        throw new GroupFault(
          codec
            ? `is packed with ${codec}, which cannot be unpacked here; save it with Snappy, gzip or zstd`
            : "is damaged",
          { cause },
        );
      }
    },
  };
}

function bufferOf(file: Blob, stop: StopSignal | null): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(start, end) {
      throwIfStopped(stop);
      try {
        return await file.slice(start, end).arrayBuffer();
      } catch (cause) {
        throw new UnreadableFile(
          "The file could not be read: it may have been moved, changed or unplugged. Choose it again.",
          { cause },
        );
      }
    },
  };
}

/** Bytes of the columns asked for once unpacked, as the file claims; what a page really unpacks to is checked. */
function bytesOf(metadata: FileMetaData, group: number, columns: readonly string[]): number {
  let bytes = 0;
  for (const { meta_data } of metadata.row_groups[group]!.columns)
    if (meta_data && columns.includes(meta_data.path_in_schema[0] ?? ""))
      bytes += Number(meta_data.total_uncompressed_size);
  return bytes;
}

/** Without Snappy, which hyparquet has itself; loaded where the file uses one of the others only. */
async function compressorsFor(metadata: FileMetaData): Promise<Compressors> {
  const used = new Set(
    metadata.row_groups.flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec)),
  );
  const others = [...used].some(
    (codec) => codec !== undefined && codec !== "UNCOMPRESSED" && codec !== "SNAPPY",
  );
  const { snappyUncompress } = await import("hyparquet");
  const bounded =
    (unpack: (input: Uint8Array, length: number) => Uint8Array) => (input: Uint8Array, length: number) => {
      if (length < 0 || length > maxGroupBytes)
        throw new GroupFault("has a page that unpacks to more than 512 MB");
      return unpack(input, length);
    };
  const snappy = bounded((input, length) => {
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  });
  if (!others) return { SNAPPY: snappy };
  const library = await import("hyparquet-compressors");
  return {
    SNAPPY: snappy,
    GZIP: bounded(library.decompressGzip),
    BROTLI: bounded(library.decompressBrotli),
    ZSTD: bounded((input, length) => library.decompressZstd(input, new Uint8Array(length))),
    LZ4: bounded(library.decompressLz4),
    LZ4_RAW: bounded(library.decompressLz4Raw),
  };
}

/** `datasets` keeps what its columns mean under the key "huggingface"; a ClassLabel column holds numbers. */
function classNamesIn(metadata: FileMetaData): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const text = metadata.key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  if (text === undefined) return found;
  try {
    const features =
      (JSON.parse(text) as { info?: { features?: Record<string, unknown> } })?.info?.features ?? {};
    for (const [column, feature] of Object.entries(features)) {
      const names = (feature as { names?: unknown } | null)?.names;
      if (Array.isArray(names) && names.every((name) => typeof name === "string")) found.set(column, names);
    }
  } catch {
    // Somebody else's note under the same key; the numbers then stand for themselves.
  }
  return found;
}

function isStop(error: unknown): boolean {
  return error instanceof Error && (error.name === "Stopped" || error.name === "AbortError");
}
