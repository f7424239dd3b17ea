// The reader of delimited tables, shared by CSV and TSV, which differ in their delimiters only.

import type { StopSignal } from "../core/errors";
import { intoBatches, type Found, type Outcome } from "./batches";
import {
  delimitedRows,
  detectDialect,
  type DelimitedRow,
  type DelimitedRows,
  type Dialect,
} from "./delimited-rows";
import { oneChunk, openText, readHead } from "./encoding";
import { markerColumn, restoreCell } from "./formula";
import { guessFile } from "./guess-file";
import { columnNames, guessGiven, guessText, looksLikeHeader } from "./guess";
import { provenanceOf, type ProvenanceReader } from "./provenance";
import {
  capital,
  emptyFile,
  leftOut,
  previewRows,
  textFault,
  type Problem,
  type ReadBatch,
  type ReadChoice,
  type TablePreview,
  type TextReader,
} from "./reader";

/** Enough rows to tell a class column from a text column. */
const sampleRows = 200;

interface Table {
  readonly dialect: Dialect;
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  readonly sample: readonly (readonly string[])[];
  readonly notices: readonly Problem[];
}

/** Positions of the chosen columns; `given` is -1 where there is none. */
interface Places {
  readonly text: number;
  readonly given: number;
}

export function delimitedReader(
  traits: Pick<TextReader, "id" | "label" | "extensions">,
  delimiters: readonly string[],
): TextReader {
  return {
    ...traits,
    async preview(file, hasHeader): Promise<TablePreview> {
      const table = await inspect(file, delimiters, hasHeader);
      const { columns } = table;
      const guessedText = guessText(columns, table.sample);
      return {
        columns,
        rows: table.sample.slice(0, previewRows),
        guessedText,
        guessedGiven: guessGiven(columns, table.sample, guessedText),
        guessedFile: guessFile(columns, table.sample),
        hasHeader: table.hasHeader,
        notices: table.notices,
      };
    },
    async *read(file, choice, stop) {
      const table = await inspect(file, delimiters, choice.hasHeader);
      yield* readTable(file, table, choice, stop);
    },
  };
}

async function inspect(
  file: Blob,
  delimiters: readonly string[],
  hasHeader: boolean | undefined,
): Promise<Table> {
  const head = await readHead(file);
  const dialect = detectDialect(head.text, delimiters);
  let rows = await sampled(head.text, dialect, head.whole);
  // A first row that is longer than the head is better shown cut than not at all.
  if (rows.length === 0) rows = await sampled(head.text, dialect, true);
  const first = rows[0];
  if (first === undefined) {
    return { dialect, columns: [], hasHeader: false, sample: [], notices: [...head.notices, emptyFile] };
  }
  const headed = hasHeader ?? looksLikeHeader(first, rows.slice(1));
  const columns = columnNames(headed ? first : first.map(() => ""));
  const clean = cleaner(columns);
  const sample = (headed ? rows.slice(1) : rows).map((row) =>
    columns.map((_, place) => clean(row[place] ?? "")),
  );
  return { dialect, columns, hasHeader: headed, sample, notices: head.notices };
}

async function sampled(text: string, dialect: Dialect, whole: boolean): Promise<(readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const found of delimitedRows(oneChunk(text), dialect, whole)) {
    for (const row of found.rows) if (!row.lost && !isBlank(row.fields)) rows.push(row.fields);
  }
  return rows.slice(0, sampleRows + 1);
}

async function* readTable(
  file: Blob,
  table: Table,
  choice: ReadChoice,
  stop: StopSignal | null,
): AsyncGenerator<ReadBatch> {
  const { columns, sample } = table;
  const textName = choice.textColumn ?? guessText(columns, sample);
  const at = { text: columns.indexOf(textName), given: columns.indexOf(choice.givenColumn ?? "") };
  if (columns.length > 0 && at.text === -1)
    throw new Error(`The file has no column called "${textName}". Choose one of: ${columns.join(", ")}.`);
  const { notices, chunks } = await openText(file, stop);
  yield* intoBatches(taken(delimitedRows(chunks(), table.dialect), table, at), {
    sizeBytes: file.size,
    what: "row",
    notices,
  });
}

async function* taken(found: AsyncIterable<DelimitedRows>, table: Table, at: Places): AsyncGenerator<Found> {
  const clean = cleaner(table.columns);
  const provenance = provenanceOf(table.columns);
  let headerSeen = !table.hasHeader;
  let number = 0;
  for await (const { rows, bytesRead } of found) {
    const outcomes: (Outcome | null)[] = [];
    for (const row of rows) {
      const blank = !row.lost && isBlank(row.fields);
      if (!headerSeen) {
        headerSeen = !blank;
        continue;
      }
      number++;
      outcomes.push(blank ? null : takeRow(row, `row ${number}`, table, at, { clean, provenance }));
    }
    yield { outcomes, bytesRead };
  }
}

function takeRow(
  row: DelimitedRow,
  place: string,
  table: Table,
  at: Places,
  { clean, provenance }: { readonly clean: (cell: string) => string; readonly provenance: ProvenanceReader },
): Outcome {
  if (row.lost) return { problem: leftOut(place, row.fault!) };
  const { fields } = row;
  const width = table.columns.length;
  // Spreadsheets often end rows with delimiters that have nothing behind them.
  const fits = fields.length >= width && fields.slice(width).every((field) => field.trim() === "");
  if (!fits) {
    const size = `has ${count(fields.length)} where the ${table.hasHeader ? "header" : "first row"} has ${width}`;
    return { problem: leftOut(place, row.fault === null ? size : `${row.fault} and ${size}`) };
  }
  const text = clean(fields[at.text]!);
  const fault = textFault(text);
  if (fault !== null) return { problem: leftOut(place, fault) };
  const given = at.given === -1 ? "" : clean(fields[at.given]!).trim();
  const name = given === "" ? null : given;
  const cell = (column: string) => clean(fields[table.columns.indexOf(column)] ?? "");
  const answers = at.given === -1 ? undefined : provenance.answers(name, cell);
  const whole = { text, given: name, place, ...(answers ? { answers } : {}) };
  if (row.fault === null) return { row: whole };
  return {
    row: whole,
    problem: { place, message: `${capital(place)} ${row.fault}; its line was read as it stands.` },
  };
}

function cleaner(columns: readonly string[]): (cell: string) => string {
  return columns.includes(markerColumn) ? restoreCell : (cell) => cell;
}

function isBlank(fields: readonly string[]): boolean {
  return fields.every((field) => field.trim() === "");
}

function count(fields: number): string {
  return fields === 1 ? "1 field" : `${fields} fields`;
}
