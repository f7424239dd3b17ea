// The contract of a reader: a file that lists texts or names images in, rows and problems out. One file each
// in ./readers.

import type { StopSignal } from "../core/errors";
import type { Origin, Slice } from "../core/event";

/** Something the person should know. Nearly always about one row; the rest of the file goes in regardless. */
export interface Problem {
  /** "row 12" or "line 12", counted from 1; "file" for the file as a whole; a path inside an archive. */
  readonly place: string;
  /** A sentence: what is wrong and what happened to that row. */
  readonly message: string;
}

/** One answer that came with an item: what, and as far as the file says, who gave it and when. */
export interface GivenAnswer {
  readonly type: "classes" | "skip" | "unsure";
  /** Names; empty where `type` is "classes" says that none of them fits. */
  readonly classes: readonly string[];
  readonly annotator: string | null;
  /** Milliseconds since 1970. */
  readonly at: number | null;
  readonly slice: Slice | null;
  /** "model" for a prediction, which is no person's answer even if it is taken for a label. */
  readonly origin: Extract<Origin, "import" | "model">;
}

export interface TextRow {
  /** The text itself, or for an image what names its file: a name, a path, an address. */
  readonly text: string;
  /** Class name that came with the text. Several are joined; `splitClasses` in class-list.ts takes them apart. */
  readonly given: string | null;
  /** As in Problem. Rows are data rows: the header is not one, blank ones count. */
  readonly place: string;
  /** What the file says of each answer, oldest first; left out where it says no more than `given`. */
  readonly answers?: readonly GivenAnswer[];
}

export interface ReadBatch {
  /** At most `rowsPerBatch`. */
  readonly rows: readonly TextRow[];
  readonly problems: readonly Problem[];
  /** Bytes of the file consumed so far; the file's size in the last batch. */
  readonly bytesRead: number;
}

export interface TablePreview {
  /** Unique names. Empty where the file holds nothing. */
  readonly columns: readonly string[];
  /** The first `previewRows`, each as long as `columns`. */
  readonly rows: readonly (readonly string[])[];
  /** "" where there are no columns. */
  readonly guessedText: string;
  readonly guessedGiven: string | null;
  /** The column that names image files; null where none looks like it. */
  readonly guessedFile: string | null;
  readonly hasHeader: boolean;
  /** About the file as a whole: its encoding, or that it is empty. */
  readonly notices: readonly Problem[];
}

export interface ReadChoice {
  /** null: the guessed one. */
  readonly textColumn: string | null;
  /** null: none. */
  readonly givenColumn: string | null;
  /** Left out: as guessed. Only delimited tables look at it. */
  readonly hasHeader?: boolean;
}

export interface TextReader {
  /** The file name. */
  readonly id: string;
  readonly label: string;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /**
   * Whether a file that begins like this is of this format; readers without it take what no other claims.
   * @param head the first kilobytes as text.
   */
  recognise?(head: string): boolean;
  /**
   * Reads no more of the file than the preview needs. Give `hasHeader` to see the table the other way round.
   * @throws UnreadableFile
   */
  preview(file: Blob, hasHeader?: boolean): Promise<TablePreview>;
  /**
   * Streams the file; memory stays bounded however large it is.
   * @throws UnreadableFile where nothing of it can be read; Stopped when told to stop.
   */
  read(file: Blob, choice: ReadChoice, stop: StopSignal | null): AsyncIterable<ReadBatch>;
}

/** Nothing of this file can be read. The message says why and what to do. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

export const previewRows = 20;
export const rowsPerBatch = 500;
/** Far above any text somebody would read to label; below it a single item cannot fill memory. */
export const maxTextCharacters = 1_000_000;
/** A line or row this long is no text but a broken file. Characters, which is at least as many bytes. */
export const maxLineCharacters = 10 * 1024 * 1024;
export const overlong = "is longer than 10 MB";
/** Enough for 20 long rows and a good guess, and quick to read. */
export const headBytes = 512 * 1024;

/** What is wrong with a text, as the middle of a sentence, or null where it can go in. */
export function textFault(text: string): string | null {
  if (text.trim() === "") return "has no text";
  if (text.length > maxTextCharacters)
    return `holds a text of ${text.length.toLocaleString("en")} characters, more than the ${maxTextCharacters.toLocaleString("en")} one item may have`;
  return null;
}

export function leftOut(place: string, fault: string): Problem {
  return { place, message: `${capital(place)} ${fault}; it was left out.` };
}

/** "Row 7" where a sentence begins. Paths stay as they are. */
export function capital(place: string): string {
  return /^(rows? \d|line \d|image \d+$|label of )/.test(place)
    ? place.charAt(0).toUpperCase() + place.slice(1)
    : place;
}

/** One notice for all blank rows, because there may be thousands and none of them matters. */
export function blankNotice(count: number, what: "row" | "line"): Problem[] {
  if (count === 0) return [];
  const message = count === 1 ? `1 blank ${what} was skipped.` : `${count} blank ${what}s were skipped.`;
  return [{ place: "file", message }];
}

export const emptyFile: Problem = {
  place: "file",
  message: "The file holds no rows, so nothing was read. Choose a file that holds at least one text.",
};
