// Splits delimited text into rows with Papa Parse, a chunk at a time, and recovers from quotation marks that
// do not match: one bad mark must not swallow the rows behind it.

import Papa from "papaparse";
import type { TextChunk } from "./encoding";
import { maxLineCharacters, overlong } from "./reader";

export interface Dialect {
  /** One character. */
  readonly delimiter: string;
  readonly newline: "\n" | "\r";
}

export interface DelimitedRow {
  /** Counted from 1, header and blank rows included. */
  readonly number: number;
  readonly fields: readonly string[];
  /** What was wrong with its quotation marks or its length, as the middle of a sentence; null where nothing was. */
  readonly fault: string | null;
  /** Nothing of it can be used. */
  readonly lost: boolean;
}

export interface DelimitedRows {
  readonly rows: readonly DelimitedRow[];
  readonly bytesRead: number;
}

/** A delimiter no table uses, for files of one column: quotes still work, nothing is split. */
const noDelimiter = "\u001e";
const quotedStretch = /"[^"]*"?/g;
/**
 * Characters that may be read again because of broken quotes. Beyond it quotes count as ordinary characters,
 * or a file of broken quotes would take quadratic time.
 */
const rereadBudget = 32 * 1024 * 1024;
/** Papa makes an object of each misplaced quote it passes, which takes about as long as reading this many. */
const charactersPerError = 50;

const misplaced = "has a quotation mark out of place";
const unclosed = "opens a quotation mark that is never closed";

/** From the beginning of a file. `candidates` are the delimiters its format may have. */
export function detectDialect(head: string, candidates: readonly string[]): Dialect {
  const outside = head.replace(quotedStretch, "").replace(/^[\r\n]+/, "");
  const newline = outside.includes("\n") || !outside.includes("\r") ? "\n" : "\r";
  const firstLine = outside.slice(0, outside.indexOf(newline) + 1 || undefined);
  const present = candidates.filter((candidate) => firstLine.includes(candidate));
  if (present.length === 0) return { delimiter: noDelimiter, newline };
  if (present.length === 1) return { delimiter: present[0]!, newline };
  const guessed = Papa.parse(head, { delimitersToGuess: present, newline, preview: 50 }).meta.delimiter;
  return { delimiter: present.includes(guessed) ? guessed : present[0]!, newline };
}

/** @param whole false where the text breaks off: what follows the last complete row is then dropped. */
export async function* delimitedRows(
  chunks: AsyncIterable<TextChunk>,
  dialect: Dialect,
  whole = true,
): AsyncGenerator<DelimitedRows> {
  const splitter = new Splitter(dialect);
  let bytesRead = 0;
  for await (const chunk of chunks) {
    bytesRead = chunk.bytesRead;
    yield { rows: [...splitter.push(chunk.text, false)], bytesRead };
  }
  if (whole) yield { rows: [...splitter.push("", true)], bytesRead };
}

class Splitter {
  readonly #dialect: Dialect;
  #buffer = "";
  /** The buffer is not parsed again before it has grown to this, so that a long row costs linear time. */
  #parseAt = 0;
  #number = 0;
  #reread = 0;
  /** Inside a line that is too long: everything up to the next line end is dropped. */
  #skipping = false;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  *push(text: string, last: boolean): Generator<DelimitedRow> {
    this.#buffer += text;
    if (!last && this.#buffer.length < this.#parseAt) return;
    if (this.#skipping && !this.#skipLine(last)) return;
    for (;;) {
      const { rows, consumed, fault } = this.#parse(last);
      for (const fields of rows) yield this.#row(fields, null);
      this.#buffer = this.#buffer.slice(consumed);
      const stuck = !last && this.#buffer.length > maxLineCharacters;
      if (fault === null && !stuck) break;
      if (fault === null) this.#reread += this.#buffer.length;
      yield this.#recover(fault ?? unclosed, last);
      if (this.#skipping && !this.#skipLine(last)) return;
    }
    this.#parseAt = this.#buffer.length * 2;
  }

  /** Complete sound rows from the buffer's beginning, up to the first faulty one. */
  #parse(last: boolean): { rows: string[][]; consumed: number; fault: string | null } {
    const rows: string[][] = [];
    let consumed = 0;
    let fault: string | null = null;
    const literal = this.#reread > rereadBudget;
    const parser: Papa.Parser = new Papa.Parser({
      ...this.#dialect,
      // Papa's fast mode takes quotes for ordinary characters.
      ...(literal ? { fastMode: true } : {}),
      step: (result: Papa.ParseStepResult<string[][]>) => {
        const error = result.errors[0];
        if (error === undefined) {
          rows.push(result.data[0]!);
          consumed = result.meta.cursor;
          return;
        }
        fault = error.code === "MissingQuotes" ? unclosed : misplaced;
        this.#reread += result.meta.cursor - consumed + result.errors.length * charactersPerError;
        parser.abort();
      },
    });
    if (this.#buffer !== "") parser.parse(this.#buffer, 0, !last);
    // Papa counts what follows the last line end as a row, also where nothing follows.
    if (last && fault === null && this.#buffer.endsWith(this.#dialect.newline)) rows.pop();
    return { rows, consumed, fault };
  }

  /** Takes the first line of the buffer as it stands, quotation marks and all. */
  #recover(fault: string, last: boolean): DelimitedRow {
    const end = this.#buffer.indexOf(this.#dialect.newline);
    const line = end === -1 ? this.#buffer : this.#buffer.slice(0, end);
    this.#buffer = end === -1 ? "" : this.#buffer.slice(end + 1);
    if (line.length > maxLineCharacters) {
      this.#skipping = end === -1 && !last;
      return { number: ++this.#number, fields: [], fault: overlong, lost: true };
    }
    return this.#row(line.split(this.#dialect.delimiter), fault);
  }

  #skipLine(last: boolean): boolean {
    const end = this.#buffer.indexOf(this.#dialect.newline);
    this.#buffer = end === -1 ? "" : this.#buffer.slice(end + 1);
    this.#parseAt = 0;
    this.#skipping = end === -1 && !last;
    return !this.#skipping;
  }

  #row(fields: string[], fault: string | null): DelimitedRow {
    // Rows are split at LF, which leaves the CR of a CRLF in the last field.
    const tail = fields.length - 1;
    if (this.#dialect.newline === "\n" && fields[tail]!.endsWith("\r"))
      fields[tail] = fields[tail]!.slice(0, -1);
    const tooLong = fields.reduce((sum, field) => sum + field.length, 0) > maxLineCharacters;
    if (tooLong) return { number: ++this.#number, fields: [], fault: overlong, lost: true };
    return { number: ++this.#number, fields, fault, lost: false };
  }
}
