// Excel workbooks (.xlsx): the first sheet that holds anything. A workbook has to be unpacked whole, so its size
// is limited and it is checked for being a zip bomb first.

import { throwIfStopped, type StopSignal } from "../../core/errors";
import { intoBatches, type Found } from "../batches";
import { cellTable, cellTaker, previewCells, type CellTable } from "../cell-table";
import { leftOut, rowsPerBatch, UnreadableFile, type Problem, type TextReader } from "../reader";
import { openZip, ZipEntryError } from "../zip";
import { zipStream, type NewEntry } from "../zip-stream";

/** A cell takes about 100 bytes once it is unpacked; this many bytes of XML hold some ten million. */
const maxBytes = 100 * 1024 * 1024;
const maxUnpackedBytes = 400 * 1024 * 1024;
/** Zip entries carry a date, which nobody looks at here; the first that zip can write. */
const anyTime = Date.UTC(1980, 0, 2);

export const reader: TextReader = {
  id: "excel",
  label: "Excel workbook",
  extensions: [".xlsx", ".xlsm"],
  async preview(file, hasHeader) {
    const { table, notices } = await open(file, hasHeader, null);
    return previewCells(table, notices);
  },
  async *read(file, choice, stop) {
    const { table, notices } = await open(file, choice.hasHeader, stop);
    const take = cellTaker(table.columns, choice, previewCells(table).guessedText);
    async function* found(): AsyncGenerator<Found> {
      for (let start = 0; start < table.rows.length; start += rowsPerBatch) {
        throwIfStopped(stop);
        const outcomes = table.rows
          .slice(start, start + rowsPerBatch)
          .map((row, at) =>
            row.length > 16_384
              ? { problem: leftOut(`row ${start + at + 1}`, "has more cells than Excel allows") }
              : take(row, `row ${start + at + 1}`),
          );
        yield { outcomes, bytesRead: Math.floor((file.size * start) / table.rows.length) };
      }
    }
    yield* intoBatches(found(), { sizeBytes: file.size, what: "row", notices });
  },
};

async function open(
  file: Blob,
  hasHeader: boolean | undefined,
  stop: StopSignal | null,
): Promise<{ readonly table: CellTable; readonly notices: readonly Problem[] }> {
  if (file.size === 0) return { table: cellTable([], hasHeader), notices: [] };
  const bytes = await unpacked(file, stop);
  const { default: readWorkbook } = await import("read-excel-file/universal");
  let sheets;
  try {
    sheets = await readWorkbook(bytes);
  } catch (cause) {
    throw new UnreadableFile(
      "The workbook is damaged or of an unknown kind. Save the sheet as CSV (UTF-8).",
      { cause },
    );
  }
  const used = sheets.filter(({ data }) => data.length > 0);
  const [first, ...others] = used;
  const notices: Problem[] =
    first === undefined || others.length === 0
      ? []
      : [
          {
            place: "file",
            message: `The workbook has ${used.length} sheets; “${first.sheet}” was read. Save the others as files of their own.`,
          },
        ];
  const rows = (first?.data ?? []).map((row) => row.map(cellText));
  return { table: cellTable(rows, hasHeader), notices };
}

async function bytesOf(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    throw new UnreadableFile(
      "The file could not be read: it may have been moved, changed or unplugged. Choose it again.",
      { cause },
    );
  }
}

/**
 * The same workbook with its XML unpacked but not compressed again. Unpacking is done here, because here it is
 * counted, and because the library would start workers of its own, which the page's policy forbids.
 */
async function unpacked(file: Blob, stop: StopSignal | null): Promise<ArrayBuffer> {
  // Asked for first, so that a file that is gone is said to be gone.
  await bytesOf(file.slice(0, 4));
  if (file.size > maxBytes)
    throw new UnreadableFile(
      "The workbook is larger than 100 MB. Save the sheet as CSV, which can be of any size.",
    );
  const { entries, close } = await openZip(file, stop);
  let left = maxUnpackedBytes;
  async function* parts(): AsyncGenerator<NewEntry> {
    for (const entry of entries) {
      if (entry.directory || entry.encrypted || !/\.(xml|rels)$/i.test(entry.path)) continue;
      const content = await entry.read(left, stop);
      left -= content.length;
      yield { path: entry.path, content, stored: true };
    }
  }
  try {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of zipStream(parts(), anyTime, stop)) pieces.push(piece);
    return await new Blob(pieces).arrayBuffer();
  } catch (error) {
    if (!(error instanceof ZipEntryError)) throw error;
    throw new UnreadableFile(`The workbook cannot be unpacked: ${error.message} Save the sheet as CSV.`, {
      cause: error,
    });
  } finally {
    await close();
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "" : cell.toISOString();
  return String(cell);
}
