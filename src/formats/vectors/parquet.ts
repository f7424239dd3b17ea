// Vectors from a Parquet file, a row group at a time: a list column and a column of names, as Spark and Ray write.

import type { AsyncBuffer, FileMetaData } from "hyparquet";
import { throwIfStopped, type StopSignal } from "../../core/errors";
import { UnreadableFile } from "../reader";
import { tableOfVectors, type VectorRecord } from "./table";
import type { VectorFile } from "./vector-file";

/** Unpacked bytes one row group may have: it is held as a whole. */
const maxGroupBytes = 1024 * 1024 * 1024;

/** @throws UnreadableFile, Stopped */
export async function openParquetVectors(
  file: Blob,
  what: string,
  stop: StopSignal | null,
): Promise<VectorFile> {
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const buffer: AsyncBuffer = {
    byteLength: file.size,
    slice: (start, end) => file.slice(start, end).arrayBuffer(),
  };
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(buffer);
  } catch (cause) {
    throw new UnreadableFile(`${what} is no Parquet file, or it is cut off. Copy it again.`, { cause });
  }
  for (const { total_byte_size: size } of metadata.row_groups)
    if (Number(size) > maxGroupBytes)
      throw new UnreadableFile(
        `${what} has a row group of ${Math.ceil(Number(size) / 1048576)} MB, more than the 1,024 MB that can be held at once. Save it with smaller row groups.`,
      );

  async function* records(signal: StopSignal | null): AsyncGenerator<VectorRecord> {
    let rowStart = 0;
    for (const { num_rows: rows } of metadata.row_groups) {
      throwIfStopped(signal);
      const rowEnd = rowStart + Number(rows);
      try {
        yield* await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd, compressors });
      } catch (cause) {
        throw new UnreadableFile(
          `${what} is damaged, or packed in a way that cannot be read here, from row ${rowStart + 1} on. Save it again with Snappy, gzip or zstd.`,
          { cause },
        );
      }
      rowStart = rowEnd;
    }
  }
  return tableOfVectors(records, Number(metadata.num_rows), what, stop);
}
