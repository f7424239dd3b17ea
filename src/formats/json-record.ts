// One JSON object as a table row, shared by the JSONL and JSON readers. Objects one level deep become columns
// such as `data.text`.

import type { Outcome } from "./batches";
import { joinClasses } from "./class-list";
import { guessFile } from "./guess-file";
import { guessGiven, guessText } from "./guess";
import type { ProvenanceReader } from "./provenance";
import {
  capital,
  emptyFile,
  leftOut,
  previewRows,
  textFault,
  type Problem,
  type TablePreview,
} from "./reader";

/** `value` is null where the text was not a record; `fault` then says why. */
export interface ParsedRecord {
  readonly value: Readonly<Record<string, unknown>> | null;
  readonly fault: string | null;
}

/** A line that is nothing but a string counts as `{"text": …}`. */
export function asRecord(value: unknown): ParsedRecord {
  if (typeof value === "string") return { value: { text: value }, fault: null };
  if (isObject(value)) return { value, fault: null };
  const what = Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
  return { value: null, fault: `is ${what} where an object such as {"text": "…"} is wanted` };
}

export function previewRecords(
  records: readonly Readonly<Record<string, unknown>>[],
  notices: readonly Problem[],
): TablePreview {
  const columns = recordColumns(records);
  const cells = records.map((record) => columns.map((column) => cellOf(valueAt(record, column))));
  const guessedText = guessText(columns, cells);
  return {
    columns,
    rows: cells.slice(0, previewRows),
    guessedText,
    guessedGiven: guessGiven(columns, cells, guessedText),
    guessedFile: guessFile(columns, cells),
    hasHeader: true,
    notices: records.length === 0 ? [...notices, emptyFile] : notices,
  };
}

export function takeRecord(
  parsed: ParsedRecord,
  place: string,
  textColumn: string,
  givenColumn: string | null,
  provenance: ProvenanceReader | null = null,
): Outcome {
  if (parsed.value === null) return { problem: leftOut(place, parsed.fault!) };
  const text = plain(valueAt(parsed.value, textColumn));
  if (text === undefined)
    return { problem: leftOut(place, `holds a list or object in "${textColumn}", not a text`) };
  const fault = textFault(text);
  if (fault !== null) return { problem: leftOut(place, fault) };
  const value = givenColumn === null ? null : valueAt(parsed.value, givenColumn);
  const given = Array.isArray(value) ? listed(value) : plain(value)?.trim();
  const name = given === "" || given === undefined ? null : given;
  const record = parsed.value;
  const answers =
    givenColumn === null ? undefined : provenance?.answers(name, (column) => cellOf(valueAt(record, column)));
  const row = { text, given: name, place, ...(answers ? { answers } : {}) };
  if (given !== undefined) return { row };
  const start = capital(place);
  const message = `${start} holds something in "${givenColumn}" that is no class name; its text went in without one.`;
  return { row, problem: { place, message } };
}

function recordColumns(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  const columns = new Set<string>();
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) {
      if (isObject(value)) for (const inner of Object.keys(value)) columns.add(`${key}.${inner}`);
      else columns.add(key);
    }
  }
  return [...columns];
}

function valueAt(record: Readonly<Record<string, unknown>>, column: string): unknown {
  if (Object.hasOwn(record, column)) return record[column];
  for (let dot = column.indexOf("."); dot !== -1; dot = column.indexOf(".", dot + 1)) {
    const outer = Object.hasOwn(record, column.slice(0, dot)) ? record[column.slice(0, dot)] : null;
    if (isObject(outer) && Object.hasOwn(outer, column.slice(dot + 1))) return outer[column.slice(dot + 1)];
  }
  return null;
}

/** "" for null and missing; undefined for what is no single value. */
function plain(value: unknown): string | undefined {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? undefined : String(value);
}

function listed(values: readonly unknown[]): string | undefined {
  const names = values.map(plain);
  return names.every((name) => name !== undefined) ? joinClasses(names) : undefined;
}

function cellOf(value: unknown): string {
  const text = plain(value);
  if (text !== undefined) return text;
  if (Array.isArray(value) && listed(value) !== undefined) return listed(value)!;
  try {
    return JSON.stringify(value);
  } catch {
    // Nesting beyond the stack; the preview can do without it.
    return "…";
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
