// The page's door to the bundler worker.

import type {
  BundleChoice,
  BundleProgress,
  BundlerApi,
  Merged,
  MergeSurvey,
} from "../../workers/bundling/api";
import type { BundleSurvey } from "../../workers/bundling/api";
import type { ProjectId } from "../core/ids";
import type { ImportProblem } from "../storage/schema";
import { openWorker } from "./worker-handle";

type Report = (progress: BundleProgress) => void;

/** Each call rejects with a sentence where the bundle or the project will not have it, and Stopped when stopped. */
export interface Bundler {
  write(
    projectId: ProjectId,
    choice: BundleChoice,
    annotator: string,
    report: Report,
    signal: AbortSignal,
  ): Promise<Blob>;
  survey(file: File): Promise<BundleSurvey>;
  open(
    file: File,
    report: Report,
    signal: AbortSignal,
  ): Promise<{ readonly projectId: ProjectId; readonly problems: readonly ImportProblem[] }>;
  surveyMerge(file: File, projectId: ProjectId): Promise<MergeSurvey>;
  merge(
    file: File,
    projectId: ProjectId,
    names: Readonly<Record<string, string>>,
    report: Report,
    signal: AbortSignal,
  ): Promise<Merged>;
  close(): void;
}

export function openBundler(): Bundler {
  const worker = openWorker<BundlerApi>(
    "bundler",
    () => new Worker(new URL("../../workers/bundler.worker.ts", import.meta.url), { type: "module" }),
  );
  return {
    write: (projectId, choice, annotator, report, signal) =>
      worker.call(signal, "write", projectId, choice, { annotator, appVersion: __APP_VERSION__ }, report),
    survey: (file) => worker.call(null, "survey", file),
    open: (file, report, signal) => worker.call(signal, "open", file, report),
    surveyMerge: (file, projectId) => worker.call(null, "surveyMerge", file, projectId),
    merge: (file, projectId, names, report, signal) =>
      worker.call(signal, "merge", file, projectId, names, report),
    close: () => worker.close(),
  };
}
