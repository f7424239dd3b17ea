// Vectors from a Parquet file, a row group at a time: a list column and a column of names, as Spark and Ray write.

import type { StopSignal } from "../../core/errors";
import { GroupFault, openParquet } from "../parquet-file";
import { UnreadableFile } from "../reader";
import { tableOfVectors, type VectorRecord } from "./table";
import type { VectorFile } from "./vector-file";

/** Rows held as records at a time: with 1,000 numbers each some 50 MB. */
const rowsAtOnce = 4096;

/** @throws UnreadableFile, Stopped */
export async function openParquetVectors(
  file: Blob,
  what: string,
  stop: StopSignal | null,
): Promise<VectorFile> {
  const parquet = await openParquet(file, stop);
  const rows = parquet.groups.reduce((sum, group) => sum + group.rows, 0);
  async function* records(): AsyncGenerator<VectorRecord> {
    for (const [group, { rows: inGroup, firstRow }] of parquet.groups.entries())
      for (let from = 0; from < inGroup; from += rowsAtOnce)
        try {
          yield* await parquet.read(group, from, from + rowsAtOnce, parquet.columns);
        } catch (cause) {
          if (!(cause instanceof GroupFault)) throw cause;
          throw new UnreadableFile(
            `${what} ${cause.message} (from row ${(firstRow + from + 1).toLocaleString("en")} on). Nothing was changed.`,
            { cause },
          );
        }
  }
  return tableOfVectors(records, rows, what, stop);
}
