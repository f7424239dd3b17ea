// The page's door to the predictor worker.

import type { ArchiveListing, ImageSource, Predicted, PredictorApi } from "../../workers/api";
import type { ClassId, ProjectId } from "../core/ids";
import type { ReadChoice, TablePreview } from "../formats/reader";
import { openWorker } from "./worker-handle";

/** Files read and encoded in one call: few enough to hold decoded, many enough for one pass of the encoder. */
const batchCount = 16;

export interface Predictor {
  previewTable(
    file: File,
    hasHeader?: boolean,
  ): Promise<{ readonly format: string; readonly preview: TablePreview }>;
  listArchive(file: File): Promise<ArchiveListing>;
  /** Opens the model of a round. */
  open(projectId: ProjectId, round: number): Promise<{ readonly classIds: readonly ClassId[] }>;
  /** `archives` holds the files behind the archive ids of the sources. Reports each batch. */
  predictFiles(
    sources: readonly ImageSource[],
    archives: ReadonlyMap<string, File>,
    report: (predicted: Predicted) => void,
    signal: AbortSignal,
  ): Promise<void>;
  predictTable(
    file: File,
    choice: ReadChoice,
    report: (predicted: Predicted & { readonly bytesRead: number }) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Of items whose vectors were computed elsewhere. @throws UnreadableFile */
  predictVectors(
    files: readonly File[],
    report: (predicted: Predicted) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): void;
}

export function openPredictor(): Predictor {
  const worker = openWorker<PredictorApi>(
    "predictor",
    () => new Worker(new URL("../../workers/predictor.worker.ts", import.meta.url), { type: "module" }),
  );
  return {
    previewTable: (file, hasHeader) => worker.call(null, "previewTable", file, hasHeader),
    listArchive: (file) => worker.call(null, "listArchive", file),
    open: (projectId, round) => worker.call(null, "open", projectId, round),
    async predictFiles(sources, archives, report, signal) {
      for (const [archiveId, file] of archives) await worker.call(signal, "openArchive", archiveId, file);
      for (let from = 0; from < sources.length; from += batchCount)
        report(await worker.call(signal, "predictFiles", sources.slice(from, from + batchCount)));
    },
    predictTable: (file, choice, report, signal) => worker.call(signal, "predictTable", file, choice, report),
    predictVectors: (files, report, signal) => worker.call(signal, "predictVectors", files, report),
    close: () => worker.close(),
  };
}
