// The page's door to the importer workers: a small pool that shares batches of images, and one worker for
// looking at tables and archives.

import type { ArchiveListing, ImportProgress, ImporterApi, TableSurvey } from "../../workers/api";
import type { ImageSource } from "../../workers/api";
import type { GivenLabels } from "../formats/given-events";
import type { ProjectId } from "../core/ids";
import type { ItemKind } from "../core/project";
import type { Problem, ReadChoice, TablePreview, TextRow } from "../formats/reader";
import { openWorker, type WorkerHandle } from "./worker-handle";

/** One core stays free for the page and one for the embedder; decoding gains little past four. */
const poolSize = Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2) - 1));
/** Images stored in one transaction: few enough to report often and to hold in memory at 12 megapixels each. */
const batchCount = 16;

export interface Importer {
  previewTable(
    file: File,
    hasHeader?: boolean,
  ): Promise<{ readonly format: string; readonly preview: TablePreview }>;
  surveyTable(file: File, choice: ReadChoice, signal: AbortSignal): Promise<TableSurvey>;
  listArchive(file: File): Promise<ArchiveListing>;
  extractEntry(archive: File, entry: number): Promise<File>;
  /** Reads a whole table, a batch of rows at a time. */
  readRows(
    file: File,
    choice: ReadChoice,
    report: (rows: readonly TextRow[], problems: readonly Problem[]) => void,
    signal: AbortSignal,
  ): Promise<void>;
  importTable(
    projectId: ProjectId,
    file: File,
    choice: ReadChoice,
    labels: GivenLabels | null,
    report: (progress: ImportProgress & { readonly bytesRead: number }) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Files that are an item each: images, or texts. `archives` holds the files behind the archive ids of the sources.
   * Reports each stored batch, and waits until that was heard.
   */
  importFiles(
    kind: ItemKind,
    projectId: ProjectId,
    sources: readonly ImageSource[],
    archives: ReadonlyMap<string, File>,
    labels: GivenLabels | null,
    report: (progress: ImportProgress) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  close(): void;
}

export function openImporter(): Importer {
  const workers = Array.from({ length: poolSize }, () =>
    openWorker<ImporterApi>(
      "importer",
      () => new Worker(new URL("../../workers/importer.worker.ts", import.meta.url), { type: "module" }),
    ),
  );
  const first = workers[0]!;
  return {
    previewTable: (file, hasHeader) => first.call(null, "previewTable", file, hasHeader),
    surveyTable: (file, choice, signal) => first.call(signal, "surveyTable", file, choice),
    listArchive: (file) => first.call(null, "listArchive", file),
    extractEntry: (archive, entry) => first.call(null, "extractEntry", archive, entry),
    readRows: (file, choice, report, signal) => first.call(signal, "readRows", file, choice, report),
    importTable: (projectId, file, choice, labels, report, signal) =>
      first.finish(signal, "importTable", { projectId, file, choice, labels }, report),

    async importFiles(kind, projectId, sources, archives, labels, report, signal) {
      const call = kind === "image" ? "importImages" : "importDocuments";
      let next = 0;
      async function work(worker: WorkerHandle<ImporterApi>): Promise<void> {
        for (const [archiveId, file] of archives) await worker.call(signal, "openArchive", archiveId, file);
        while (next < sources.length) {
          const batch = sources.slice(next, (next += batchCount));
          await report(await worker.finish(signal, call, { projectId, sources: batch, labels }));
        }
      }
      const busy = workers.slice(0, Math.ceil(sources.length / batchCount)).map(work);
      // All settle before this does, so that nothing is still being stored when the caller goes on.
      const results = await Promise.allSettled(busy);
      const failed = results.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
    },

    close: () => workers.forEach((worker) => worker.close()),
  };
}
