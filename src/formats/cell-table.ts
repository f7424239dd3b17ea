// Reads a table whose rows are cells already (a sheet, columns of Parquet): which row is the header, which
// cells of a row are the text and the class.

import type { Outcome } from "./batches";
import { columnNames, guessGiven, guessText, looksLikeHeader } from "./guess";
import { guessFile } from "./guess-file";
import { markerColumn, restoreCell } from "./formula";
import { provenanceOf } from "./provenance";
import {
  emptyFile,
  leftOut,
  previewRows,
  textFault,
  type Problem,
  type ReadChoice,
  type TablePreview,
} from "./reader";

export interface CellTable {
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  readonly rows: readonly (readonly string[])[];
}

const sampleRows = 200;

/** @param hasHeader left out: as the rows look. */
export function cellTable(all: readonly (readonly string[])[], hasHeader: boolean | undefined): CellTable {
  const first = all.findIndex((row) => row.some((cell) => cell.trim() !== ""));
  if (first === -1) return { columns: [], hasHeader: false, rows: [] };
  const rows = all.slice(first);
  const headed = hasHeader ?? looksLikeHeader(rows[0]!, rows.slice(1, sampleRows));
  let width = 0;
  for (const row of rows) width = Math.max(width, row.length);
  const header = Array.from({ length: width }, (_, place) => (headed ? (rows[0]![place] ?? "") : ""));
  return { columns: columnNames(header), hasHeader: headed, rows: headed ? rows.slice(1) : rows };
}

export function previewCells(table: CellTable, notices: readonly Problem[] = []): TablePreview {
  const { columns, hasHeader } = table;
  const sample = table.rows.slice(0, sampleRows).map((row) => columns.map((_, place) => row[place] ?? ""));
  const guessedText = guessText(columns, sample);
  return {
    columns,
    rows: sample.slice(0, previewRows),
    guessedText,
    guessedGiven: guessGiven(columns, sample, guessedText),
    guessedFile: guessFile(columns, sample),
    hasHeader,
    notices: columns.length === 0 ? [...notices, emptyFile] : notices,
  };
}

/** @throws Error where there is no such text column. */
export function cellTaker(
  columns: readonly string[],
  choice: ReadChoice,
  guessedText: string,
): (cells: readonly string[], place: string) => Outcome | null {
  const textName = choice.textColumn ?? guessedText;
  const text = columns.indexOf(textName);
  if (text === -1 && columns.length > 0)
    throw new Error(`The file has no column called "${textName}". Choose one of: ${columns.join(", ")}.`);
  const given = choice.givenColumn === null ? -1 : columns.indexOf(choice.givenColumn);
  const provenance = provenanceOf(columns);
  const places = new Map(columns.map((column, place) => [column, place]));
  const clean = columns.includes(markerColumn) ? restoreCell : (cell: string) => cell;
  return (cells, place) => {
    if (cells.every((cell) => cell.trim() === "")) return null;
    const subject = clean(cells[text] ?? "");
    const fault = textFault(subject);
    if (fault !== null) return { problem: leftOut(place, fault) };
    const name = given === -1 ? null : clean(cells[given] ?? "").trim() || null;
    const answers =
      given === -1
        ? undefined
        : provenance.answers(name, (column) => clean(cells[places.get(column) ?? -1] ?? ""));
    return { row: { text: subject, given: name, place, ...(answers ? { answers } : {}) } };
  };
}
