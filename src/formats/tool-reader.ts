// The reader of records that a labelling tool wrote. Each tool says what a record of its own holds; columns,
// preview and problems are the same for all.

import type { StopSignal } from "../core/errors";
import { intoBatches, type Found, type Outcome } from "./batches";
import { joinClasses } from "./class-list";
import { openText } from "./encoding";
import { guessFile } from "./guess-file";
import { guessGiven, guessText } from "./guess";
import { jsonElements } from "./json-elements";
import { asRecord, isObject, type ParsedRecord } from "./json-record";
import { linesOf } from "./lines";
import type { Provenance } from "./provenance";
import {
  emptyFile,
  leftOut,
  overlong,
  previewRows,
  textFault,
  type GivenAnswer,
  type Problem,
  type TablePreview,
  type TextReader,
} from "./reader";

/** What one record of a tool says, in our words. */
export interface ToolItem {
  /** Plain values by column: texts, file names, whatever else the tool keeps with an item. */
  readonly fields: Readonly<Record<string, string>>;
  /** Answers by question, each a column of its own; oldest first. */
  readonly questions: Readonly<Record<string, readonly GivenAnswer[]>>;
  /** Answers whatever the question was: skips, and "none of them". */
  readonly whatever?: readonly GivenAnswer[];
  /** For a class in a plain column: who said so. */
  readonly about?: Provenance;
}

export type ToolRecord = { readonly item: ToolItem } | { readonly fault: string };

export interface ToolFound {
  readonly records: readonly { readonly place: string; readonly record: ToolRecord | null }[];
  readonly bytesRead: number;
}

export interface Tool extends Pick<TextReader, "id" | "label" | "extensions"> {
  /** The column that names the image where the format has one and no name need look like a file's. */
  readonly fileField?: string;
  recognise(head: string): boolean;
  /** Streams the file; a record of null is blank. `notice` takes what concerns the whole file. */
  records(file: Blob, stop: StopSignal | null, notice: (problem: Problem) => void): AsyncIterable<ToolFound>;
}

const sampleRecords = 200;

export function toolReader(tool: Tool): TextReader {
  return {
    id: tool.id,
    label: tool.label,
    extensions: tool.extensions,
    recognise: (head) => tool.recognise(head),
    preview: (file) => previewTool(tool, file),
    async *read(file, choice, stop) {
      const textColumn = choice.textColumn ?? (await previewTool(tool, file)).guessedText;
      const notices: Problem[] = [];
      async function* found(): AsyncGenerator<Found> {
        for await (const { records, bytesRead } of tool.records(file, stop, (notice) =>
          notices.push(notice),
        )) {
          const outcomes = records.map(({ place, record }) =>
            record === null ? null : take(record, place, textColumn, choice.givenColumn),
          );
          yield { outcomes, bytesRead };
        }
      }
      yield* intoBatches(found(), { sizeBytes: file.size, what: "row", notices: [], late: notices });
    },
  };
}

async function previewTool(tool: Tool, file: Blob): Promise<TablePreview> {
  const notices: Problem[] = [];
  const items: ToolItem[] = [];
  for await (const { records } of tool.records(file, null, (notice) => notices.push(notice))) {
    for (const { record } of records)
      if (record && "item" in record && items.length < sampleRecords) items.push(record.item);
    if (items.length >= sampleRecords) break;
  }
  const fields = [...new Set(items.flatMap((item) => Object.keys(item.fields)))];
  const questions = [...new Set(items.flatMap((item) => Object.keys(item.questions)))].filter(
    (question) => !fields.includes(question),
  );
  // Answers to nothing are no table.
  const columns = fields.length === 0 ? [] : [...fields, ...questions];
  const cells = items.map((item) =>
    columns.map((column) => item.fields[column] ?? givenOf(item.questions[column]) ?? ""),
  );
  const fieldCells = cells.map((row) => row.slice(0, fields.length));
  const guessedText = guessText(fields, fieldCells);
  return {
    columns,
    rows: cells.slice(0, previewRows),
    guessedText,
    guessedGiven: columns.length === 0 ? null : (questions[0] ?? guessGiven(columns, cells, guessedText)),
    guessedFile:
      tool.fileField !== undefined && fields.includes(tool.fileField)
        ? tool.fileField
        : guessFile(fields, fieldCells),
    hasHeader: true,
    notices: columns.length === 0 ? [...notices, emptyFile] : notices,
  };
}

function take(record: ToolRecord, place: string, textColumn: string, givenColumn: string | null): Outcome {
  if ("fault" in record) return { problem: leftOut(place, record.fault) };
  const { fields, questions, about, whatever = [] } = record.item;
  const text = Object.hasOwn(fields, textColumn) ? fields[textColumn]! : "";
  const fault = textFault(text);
  if (fault !== null) return { problem: leftOut(place, fault) };
  if (givenColumn === null) return { row: { text, given: null, place } };
  const isField = Object.hasOwn(fields, givenColumn);
  if (!isField || Object.hasOwn(questions, givenColumn)) {
    const own = Object.hasOwn(questions, givenColumn) ? questions[givenColumn]! : [];
    const answers = [...own, ...whatever];
    return { row: { text, given: givenOf(answers), place, ...(answers.length > 0 ? { answers } : {}) } };
  }
  const given = fields[givenColumn]!.trim() || null;
  if (given === null || about === undefined) return { row: { text, given, place } };
  return {
    row: { text, given, place, answers: [{ type: "classes", classes: [given], ...about, origin: "import" }] },
  };
}

/** The classes of the latest answer that names any, joined as one cell. */
export function givenOf(answers: readonly GivenAnswer[] | undefined): string | null {
  const last = answers?.findLast(({ type, classes }) => type === "classes" && classes.length > 0);
  return last ? joinClasses(last.classes) : null;
}

/** The records of a JSON list or of JSON Lines, whichever the file is. */
export async function* jsonRecords(
  file: Blob,
  stop: StopSignal | null,
  notice: (problem: Problem) => void,
  take: (value: Readonly<Record<string, unknown>>) => ToolRecord,
): AsyncGenerator<ToolFound> {
  const { notices, chunks } = await openText(file, stop);
  notices.forEach(notice);
  const whole = (place: string, text: string | null) => {
    if (text === null) return { place, record: { fault: overlong } };
    if (text.trim() === "") return { place, record: null };
    const { value, fault } = parseRecord(text);
    return { place, record: value === null ? { fault: fault! } : take(value) };
  };
  if (await beginsWithList(file)) {
    for await (const { elements, bytesRead, broken } of jsonElements(chunks())) {
      yield { records: elements.map(({ number, text }) => whole(`row ${number}`, text)), bytesRead };
      if (broken) notice(brokenOff);
    }
    return;
  }
  for await (const { lines, bytesRead } of linesOf(chunks()))
    yield { records: lines.map(({ number, text }) => whole(`line ${number}`, text)), bytesRead };
}

export const brokenOff: Problem = {
  place: "file",
  message: "The JSON breaks off or goes on behind its end; what could be read before that went in.",
};

export function parseRecord(text: string): ParsedRecord {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    // What the browser says of broken JSON is for programmers; the place is what helps.
    return { value: null, fault: "is not valid JSON" };
  }
}

export async function beginsWithList(file: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const start = new TextDecoder().decode(bytes).replaceAll("\0", "");
  return /^[\s\uFEFF\uFFFD]*\[/.test(start);
}

/** The single values of a record as cells; lists and objects are left to those who know them. */
export function plainFields(
  record: Readonly<Record<string, unknown>>,
  without: readonly string[] = [],
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [key, value] of Object.entries(record)) {
    if (without.includes(key) || value === null || typeof value === "object") continue;
    Object.defineProperty(fields, key, {
      value: String(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return fields;
}

/** A list of names, or one name; null where it is anything else. */
export function namesOf(value: unknown): string[] | null {
  if (typeof value === "string") return value.trim() === "" ? [] : [value.trim()];
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  if (!Array.isArray(value)) return null;
  const names = value.map((one: unknown) =>
    typeof one === "string" || typeof one === "number" ? String(one).trim() : null,
  );
  return names.every((name) => name !== null) ? names.filter((name) => name !== "") : null;
}

/** A name, a number, or an object with an email, username or id: whoever gave an answer. */
export function personOf(value: unknown): string | null {
  if (typeof value === "string") return value.trim() || null;
  if (typeof value === "number") return String(value);
  if (!isObject(value)) return null;
  return personOf(value["email"] ?? value["username"] ?? value["id"] ?? null);
}

export { isObject };
