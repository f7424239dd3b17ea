// The table of labels as CSV, for the CSV export and for the truth inside the class folders. RFC 4180 with
// CRLF, and a byte order mark, without which Excel takes UTF-8 for something else.

import Papa from "papaparse";
import { throwIfStopped, type StopSignal } from "../core/errors";
import { joinClasses } from "./class-list";
import type { LabelRecord } from "./export";
import { formulaStart, markerColumn } from "./formula";

/** Rows that are put into one piece of output. */
const rowsPerPiece = 500;

type Cell = string | number | null;

const columns: readonly (readonly [name: string, cell: (record: LabelRecord) => Cell])[] = [
  [markerColumn, (record) => record.itemId],
  ["name", (record) => record.name],
  ["path", (record) => record.path],
  ["kind", (record) => record.kind],
  ["text", (record) => record.text],
  ["label", (record) => joinClasses(record.classes)],
  ["status", (record) => record.status],
  ["slice", (record) => record.slice],
  ["origin", (record) => record.origin],
  ["annotator", (record) => record.annotator],
  ["labelled_at", (record) => (record.at === null ? null : new Date(record.at).toISOString())],
  ["round", (record) => record.round],
  ["took_ms", (record) => record.tookMs],
  ["given", (record) => record.given],
  ["guess", (record) => record.guess],
  ["confidence", (record) => record.confidence],
];

/** @param files a last column that says which files of the archive hold the item, joined as classes are. */
export async function* labelTable(
  records: AsyncIterable<LabelRecord> | Iterable<LabelRecord>,
  stop: StopSignal | null,
  files: ((record: LabelRecord) => readonly string[]) | null = null,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const names = columns.map(([name]) => name).concat(files === null ? [] : ["files"]);
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
    const row = columns.map(([, cell]) => cell(record));
    if (files !== null) row.push(joinClasses(files(record)));
    rows.push(row);
    if (rows.length >= rowsPerPiece) yield piece();
  }
  if (rows.length > 0) yield piece();
}
