// What a table or record says of an answer besides the class: who gave it, when, whether it is held out. Known
// by the names of the columns, which are those of our own exports and the usual ones of others.

import type { Slice } from "../core/event";
import { splitClasses } from "./class-list";
import { markerColumn } from "./formula";
import type { GivenAnswer } from "./reader";

/** A cell by the name of its column; "" where there is none. */
export type CellOf = (column: string) => string;

const holdOutWords = new Set(
  "hold-out holdout hold_out test testing val valid validation dev eval".split(" "),
);
const trainWords = new Set(["train", "training"]);

/** "test" and "validation" are yardsticks as the hold-out is, and must never be trained on. */
export function sliceOf(word: string): Slice | null {
  const plain = word.trim().toLowerCase();
  if (holdOutWords.has(plain)) return "hold-out";
  return trainWords.has(plain) ? "train" : null;
}

/** ISO 8601, or seconds or milliseconds since 1970; null for anything else. */
export function timeOf(value: unknown): number | null {
  const number =
    typeof value === "number" ? value : /^\d{9,14}(\.\d+)?$/.test(String(value)) ? Number(value) : NaN;
  if (Number.isFinite(number)) return plausible(number < 1e11 ? number * 1000 : number);
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d/.test(value)) return null;
  return plausible(Date.parse(value));
}

/** Times before 1980 and after 2200 are other numbers. */
function plausible(ms: number): number | null {
  return ms > 315_532_800_000 && ms < 7_258_118_400_000 ? Math.round(ms) : null;
}

export interface Provenance {
  readonly annotator: string | null;
  readonly at: number | null;
  readonly slice: Slice | null;
}

export const noProvenance: Provenance = { annotator: null, at: null, slice: null };

export interface ProvenanceReader {
  /** The answers of one row; undefined where the columns say no more than the class. */
  answers(given: string | null, cell: CellOf): readonly GivenAnswer[] | undefined;
}

const annotatorNames = ["annotator", "annotator_id", "labeled_by", "labelled_by"];
const timeNames = ["labelled_at", "labeled_at", "annotated_at"];
const sliceNames = ["slice", "split"];

/** Lower-case names of every column that is looked at, for readers that read no more than they need. */
export const provenanceColumns: ReadonlySet<string> = new Set([
  ...annotatorNames,
  ...timeNames,
  ...sliceNames,
  markerColumn,
  "status",
  "origin",
]);

/** @param columns all there are in the table. */
export function provenanceOf(columns: readonly string[]): ProvenanceReader {
  const find = (names: readonly string[]) =>
    columns.find((column) => names.includes(column.trim().toLowerCase())) ?? null;
  const annotator = find(annotatorNames);
  const at = find(timeNames);
  const slice = find(sliceNames);
  const ours = columns.includes(markerColumn);
  if (annotator === null && at === null && slice === null && !ours) return { answers: () => undefined };
  return {
    answers(given, cell) {
      const said = (column: string | null) => (column === null ? "" : cell(column).trim());
      const about = {
        annotator: said(annotator) || null,
        at: timeOf(said(at)),
        slice: sliceOf(said(slice)),
        origin: ours && said("origin") === "model" ? ("model" as const) : ("import" as const),
      };
      const status = ours ? said("status") : "";
      if (status === "skipped") return [{ type: "skip", classes: [], ...about }];
      if (status === "unsure") return [{ type: "unsure", classes: [], ...about }];
      // In our own tables a label of no class says "none of them".
      if (given === null)
        return status === "labelled" ? [{ type: "classes", classes: [], ...about }] : undefined;
      return [{ type: "classes", classes: splitClasses(given), ...about }];
    },
  };
}

/** The split a file lies in: `set/test/cat/1.jpg` is held out, `set/train/cat/1.jpg` is not. */
export function sliceFromPath(path: string): Slice | null {
  const folders = path.split("/").slice(0, -1);
  for (const folder of folders.reverse()) {
    const slice = sliceOf(folder);
    if (slice !== null) return slice;
  }
  return null;
}
