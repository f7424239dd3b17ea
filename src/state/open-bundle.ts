// Opening a bundle from the first screen: as a project of its own, or into the one that is here already.

export type { BundleProgress } from "../../workers/bundling/api";
import type { BundleProgress } from "../../workers/bundling/api";
import type { ProjectId } from "../core/ids";
import { openBundler } from "../engine/bundler";
import type { ImportProblem } from "../storage/schema";
import type { Shell } from "./shell.svelte";

export interface OpenedBundle {
  readonly projectId: ProjectId;
  /** True where the project was here before, and its import screen now asks whether to merge. */
  readonly wasHere: boolean;
  readonly problems: readonly ImportProblem[];
}

/** @throws an error with a sentence where the bundle cannot be opened; nothing of it is stored then. */
export async function openBundleFile(
  shell: Shell,
  file: File,
  report: (progress: BundleProgress) => void,
  signal: AbortSignal,
): Promise<OpenedBundle> {
  const bundler = openBundler();
  try {
    const { projectId, isHere } = await bundler.survey(file);
    if (isHere) {
      shell.handBundle(projectId, file);
      return { projectId, wasHere: true, problems: [] };
    }
    const { problems } = await bundler.open(file, report, signal);
    await shell.refresh();
    shell.tell({ type: "projects" });
    return { projectId, wasHere: false, problems };
  } finally {
    bundler.close();
  }
}
