// Parquet tables, as Hugging Face datasets and pandas write them: a row group at a time, and of that only the
// columns that are needed.

import { throwIfStopped } from "../../core/errors";
import { intoBatches, type Found, type Outcome } from "../batches";
import { joinClasses } from "../class-list";
import { cellTaker, previewCells } from "../cell-table";
import { GroupFault, openParquet, type ParquetFile } from "../parquet-file";
import { provenanceColumns } from "../provenance";
import { rowsPerBatch, type Problem, type TablePreview, type TextReader } from "../reader";

const sampleRows = 100;

export const reader: TextReader = {
  id: "parquet",
  label: "Parquet table",
  extensions: [".parquet"],
  async preview(file) {
    if (file.size === 0) return previewCells({ columns: [], hasHeader: true, rows: [] });
    return previewOf(await openParquet(file, null));
  },
  async *read(file, choice, stop) {
    if (file.size === 0) {
      yield* intoBatches(none(), { sizeBytes: 0, what: "row", notices: [] });
      return;
    }
    const parquet = await openParquet(file, stop);
    const guessed = choice.textColumn ?? (await previewOf(parquet)).guessedText;
    const { columns } = parquet;
    const needed = columns.filter(
      (column) =>
        column === guessed || column === choice.givenColumn || provenanceColumns.has(column.toLowerCase()),
    );
    const take = cellTaker(columns, choice, guessed);
    async function* found(): AsyncGenerator<Found> {
      for (const [group, { rows, firstRow, endByte }] of parquet.groups.entries()) {
        throwIfStopped(stop);
        const outcomes: (Outcome | null)[] = [];
        try {
          const records = await parquet.read(group, 0, rows, needed);
          records.forEach((record, at) => {
            const cells = columns.map((column) => cellText(record[column], parquet.classNames.get(column)));
            outcomes.push(take(cells, `row ${firstRow + at + 1}`));
          });
        } catch (error) {
          if (!(error instanceof GroupFault)) throw error;
          const place = `rows ${firstRow + 1} to ${firstRow + rows}`;
          outcomes.push({
            problem: {
              place,
              message: `Row group ${group + 1} (${place}) ${error.message}; it was left out.`,
            },
          });
        }
        // In steps, so that whoever stores them need not hold a whole group twice.
        for (let start = 0; start < outcomes.length; start += rowsPerBatch)
          yield { outcomes: outcomes.slice(start, start + rowsPerBatch), bytesRead: endByte };
      }
    }
    yield* intoBatches(found(), { sizeBytes: file.size, what: "row", notices: [] });
  },
};

async function previewOf(parquet: ParquetFile): Promise<TablePreview> {
  const { columns, groups } = parquet;
  const notices: Problem[] = [];
  let rows: string[][] = [];
  const group = groups.findIndex((one) => one.rows > 0);
  if (group !== -1) {
    try {
      const records = await parquet.read(group, 0, sampleRows, columns);
      rows = records.map((record) =>
        columns.map((column) => cellText(record[column], parquet.classNames.get(column))),
      );
    } catch (error) {
      if (!(error instanceof GroupFault)) throw error;
      notices.push({ place: "file", message: `Row group ${group + 1} ${error.message}.` });
    }
  }
  return previewCells({ columns, hasHeader: true, rows }, notices);
}

async function* none(): AsyncGenerator<Found> {}

function cellText(value: unknown, names: readonly string[] | undefined): string {
  if (value === null || value === undefined) return "";
  if (names && (typeof value === "number" || typeof value === "bigint"))
    return names[Number(value)] ?? String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (Array.isArray(value)) {
    const cells = value.map((one) => cellText(one, names));
    return joinClasses(cells);
  }
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  if (typeof value !== "object") return String(value);
  // A file of Hugging Face's: its bytes, and where it came from.
  const path = (value as { path?: unknown }).path;
  if (typeof path === "string") return path;
  try {
    return (
      JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner)) ?? ""
    );
  } catch {
    // Nesting beyond the stack, which no text or class has.
    return "";
  }
}
