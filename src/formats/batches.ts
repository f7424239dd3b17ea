// Gathers what a reader finds, row by row, into batches with their problems, and closes with the notices that
// concern the file as a whole.

import { blankNotice, emptyFile, rowsPerBatch, type Problem, type ReadBatch, type TextRow } from "./reader";

/** What became of one row or line. One that went in despite a fault has both. */
export interface Outcome {
  readonly row?: TextRow;
  readonly problem?: Problem;
}

/** What one chunk of the file held: a generator's step for each row would cost more than reading it. */
export interface Found {
  /** null: it was blank. */
  readonly outcomes: Iterable<Outcome | null>;
  readonly bytesRead: number;
}

export async function* intoBatches(
  found: AsyncIterable<Found>,
  about: {
    readonly sizeBytes: number;
    readonly what: "row" | "line";
    readonly notices: readonly Problem[];
    /** Notices that are only known once the file was read; looked at then. */
    readonly late?: readonly Problem[];
  },
): AsyncGenerator<ReadBatch> {
  let rows: TextRow[] = [];
  let problems = [...about.notices];
  let blank = 0;
  let any = false;
  for await (const { outcomes, bytesRead } of found) {
    for (const outcome of outcomes) {
      if (outcome === null) {
        blank++;
        continue;
      }
      any = true;
      if (outcome.row) rows.push(outcome.row);
      if (outcome.problem) problems.push(outcome.problem);
      if (rows.length >= rowsPerBatch || problems.length >= rowsPerBatch) {
        yield { rows, problems, bytesRead };
        rows = [];
        problems = [];
      }
    }
  }
  if (!any) problems.push(emptyFile);
  problems.push(...blankNotice(blank, about.what), ...(about.late ?? []));
  yield { rows, problems, bytesRead: about.sizeBytes };
}
