// Tables that lie beside images and name their labels: which of the files given are such tables, which image
// each of their rows means, and what they leave unsaid.

import type { Importer } from "../engine/importer";
import { FileIndex } from "../formats/match-files";
import type { GivenAnswer, TablePreview, TextRow } from "../formats/reader";
import type { ImportProblem } from "../storage/schema";
import { sentenceOf } from "./problem";

export interface LabelTable {
  /** As it was given: `photos/metadata.csv`, `photos.zip/labels.json`. */
  readonly path: string;
  readonly file: File;
  readonly format: string;
  readonly preview: TablePreview;
  readonly fileColumn: string;
  /** null where it says nothing of classes. */
  readonly givenColumn: string | null;
}

export interface Named {
  readonly given: string | null;
  readonly answers?: readonly GivenAnswer[];
}

export interface MatchedLabels {
  /** By place in the list of paths. */
  readonly labels: ReadonlyMap<number, Named>;
  readonly rows: number;
  readonly problems: readonly ImportProblem[];
}

/** Names of rows that are spelt out; of the others only the number is said. */
const namedRows = 200;

/** Looks at each file that may be a table. One that names no images is left out with the reason. */
export async function findLabelTables(
  files: readonly { readonly path: string; readonly file: File }[],
  importer: Importer,
): Promise<{ readonly tables: readonly LabelTable[]; readonly problems: readonly ImportProblem[] }> {
  const tables: LabelTable[] = [];
  const problems: ImportProblem[] = [];
  for (const { path, file } of files) {
    try {
      const { format, preview } = await importer.previewTable(file);
      const { guessedFile, guessedGiven } = preview;
      if (guessedFile !== null)
        tables.push({ path, file, format, preview, fileColumn: guessedFile, givenColumn: guessedGiven });
      else problems.push({ place: path, message: namesNone(path) });
    } catch (error) {
      problems.push({
        place: path,
        message: `${path} could not be read as a table of labels. ${sentenceOf(error)}`,
      });
    }
  }
  return { tables, problems };
}

function namesNone(path: string): string {
  return `${path} holds text that names no image files, and this project is about images; it was left out.`;
}

/** @param paths of the images. A later row about the same image goes before an earlier one. */
export async function matchLabels(
  tables: readonly LabelTable[],
  paths: readonly string[],
  importer: Importer,
  signal: AbortSignal,
): Promise<MatchedLabels> {
  const index = new FileIndex(paths);
  const labels = new Map<number, Named>();
  const problems: ImportProblem[] = [];
  let rows = 0;
  for (const table of tables) {
    const folder = table.path.slice(0, Math.max(0, table.path.lastIndexOf("/")));
    const lost: string[] = [];
    let lostCount = 0;
    const take = (row: TextRow) => {
      rows++;
      const place = placeOf(index, row.text, folder);
      if (typeof place === "number") return labels.set(place, named(row));
      lostCount++;
      const why = place === "none" ? "which is not among the images" : "and there are several of that name";
      if (lost.length < namedRows) lost.push(`${row.place} names ${row.text.slice(0, 120)}, ${why}`);
      return labels;
    };
    const choice = {
      textColumn: table.fileColumn,
      givenColumn: table.givenColumn,
      hasHeader: table.preview.hasHeader,
    };
    await importer.readRows(
      table.file,
      choice,
      (found, faults) => {
        found.forEach(take);
        // A row that names no file is about an item that is not among these: our own tables have such rows.
        for (const { message } of faults.filter(
          ({ message: fault }) => !fault.endsWith(" has no text; it was left out."),
        ))
          problems.push({ place: table.path, message: `${table.path}: ${message}`, note: true });
      },
      signal,
    );
    for (const one of lost)
      problems.push({ place: table.path, message: `${table.path}: ${one}.`, note: true });
    if (lostCount > lost.length)
      problems.push({
        place: table.path,
        message: `${table.path}: ${(lostCount - lost.length).toLocaleString("en")} more rows name images that are not here.`,
        note: true,
      });
  }
  return { labels, rows, problems };
}

/** Our own tables may name several files of one item, joined as classes are. */
function placeOf(index: FileIndex, text: string, folder: string): number | "none" | "several" {
  const whole = index.find(text, folder);
  if (whole !== "none" || !text.includes("|")) return whole;
  return index.find(text.slice(0, text.indexOf("|")), folder);
}

function named({ given, answers }: TextRow): Named {
  return { given, ...(answers ? { answers } : {}) };
}
