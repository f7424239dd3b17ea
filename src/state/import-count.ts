// Adds up what import workers report, for the progress bar and for the record that stays.

import type { ImportProgress } from "../../workers/api";
import { importProblemLimit } from "../storage/import-store";
import type { ImportProblem, ImportRecord } from "../storage/schema";

export interface Running {
  readonly source: string;
  readonly startedAt: number;
  readonly done: number;
  /** Items for images, bytes for tables. */
  readonly total: number;
  readonly unit: "items" | "bytes";
  readonly added: number;
  readonly duplicates: number;
  readonly labels: number;
  readonly leftOut: number;
}

export class ImportCount {
  done = 0;
  #added = 0;
  #labels = 0;
  #duplicates = 0;
  #problemCount = 0;
  #noteCount = 0;
  readonly #problems: ImportProblem[] = [];
  readonly #startedAt = performance.now();

  constructor(
    readonly source: string,
    readonly total: number,
    readonly unit: "items" | "bytes",
    readonly changed: (running: Running) => void,
    /** Goes on with one that was cut short: what went in then is no news. */
    readonly goesOn = false,
  ) {}

  add({ added, labels, duplicates, problems }: ImportProgress, done: number): void {
    this.done += done;
    this.#added += added;
    this.#labels += labels;
    this.#duplicates += duplicates.length;
    this.#problemCount += problems.length;
    this.#noteCount += problems.filter(({ note }) => note).length;
    for (const { path, of } of duplicates) {
      if (this.goesOn && path === of) continue;
      this.#keep({
        place: path,
        message:
          path === of
            ? `${path} is in the project already.`
            : `${path} is the same as ${of}; it went in once.`,
      });
    }
    for (const problem of problems) this.#keep(problem);
    const { source, total, unit } = this;
    this.changed({
      source,
      total,
      unit,
      done: this.done,
      startedAt: this.#startedAt,
      added: this.#added,
      labels: this.#labels,
      duplicates: this.#duplicates,
      leftOut: this.#problemCount - this.#noteCount,
    });
  }

  result(): Omit<ImportRecord, "id" | "projectId" | "at" | "finished"> {
    return {
      source: this.source,
      progress: { done: this.done, total: this.total, unit: this.unit },
      added: this.#added,
      labels: this.#labels,
      duplicates: this.#duplicates,
      problems: [...this.#problems],
      problemCount: this.#problemCount,
      noteCount: this.#noteCount,
    };
  }

  #keep(problem: ImportProblem): void {
    if (this.#problems.length < importProblemLimit) this.#problems.push(problem);
  }
}
