// The table of labels as CSV, for the CSV export and for the truth inside the class folders. RFC 4180 with
// CRLF, and a byte order mark, without which Excel takes UTF-8 for something else.

import Papa from "papaparse";
import { throwIfStopped, type StopSignal } from "../core/errors";
import { joinClasses } from "./class-list";
import type { LabelRecord } from "./export";
import { formulaStart } from "./formula";
import { labelColumns } from "./label-columns";

/** Rows that are put into one piece of output. */
const rowsPerPiece = 500;

type Cell = string | number | boolean | null;

/** @param files a last column that says which files of the archive hold the item, joined as classes are. */
export async function* labelTable(
  records: AsyncIterable<LabelRecord> | Iterable<LabelRecord>,
  stop: StopSignal | null,
  files: ((record: LabelRecord) => readonly string[]) | null = null,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const names = labelColumns.map(({ name }) => name).concat(files === null ? [] : ["files"]);
  let rows: Cell[][] = [names];
  let start = "\uFEFF";
  const piece = () => {
    const csv = Papa.unparse(rows, { newline: "\r\n", escapeFormulae: formulaStart });
    const bytes = encoder.encode(`${start}${csv}\r\n`);
    start = "";
    rows = [];
    return bytes;
  };
  for await (const record of records) {
    throwIfStopped(stop);
    const row = labelColumns.map(({ cell }): Cell => cell(record));
    if (files !== null) row.push(joinClasses(files(record)));
    rows.push(row);
    if (rows.length >= rowsPerPiece) yield piece();
  }
  if (rows.length > 0) yield piece();
}
