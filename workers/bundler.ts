// The bundler: a project into one file, and one file into a project of its own or into one that is here.

import { openBundle, type Bundle } from "../src/formats/bundle/read";
import { openWhenNeeded, type Database } from "../src/storage/database";
import { loadProject } from "../src/storage/project-store";
import type { ProjectId } from "../src/core/ids";
import type { BundlerApi, BundleSurvey } from "./bundling/api";
import { mergeBundle, surveyMerge } from "./bundling/merge-bundle";
import { restoreProject } from "./bundling/restore-project";
import { writeProject } from "./bundling/write-project";

export function createBundler(): BundlerApi {
  const storage = openWhenNeeded();
  let stop = new AbortController();

  /** A call keeps the signal it began with: the next one must not call off its stop. */
  async function using<T>(
    file: File,
    work: (bundle: Bundle, database: Database, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { signal } = (stop = new AbortController());
    const database = await storage();
    const bundle = await openBundle(file, file.name, signal);
    try {
      return await work(bundle, database, signal);
    } finally {
      await bundle.close();
    }
  }

  return {
    async write(projectId, choice, about, report) {
      const { signal } = (stop = new AbortController());
      return writeProject(
        await storage(),
        projectId,
        choice,
        { ...about, createdAt: Date.now() },
        report,
        signal,
      );
    },
    survey: (file) => using(file, surveyBundle),
    open: (file, report) =>
      using(file, (bundle, database, signal) => restoreProject(database, bundle, report, signal)),
    surveyMerge: (file, projectId) =>
      using(file, async (bundle, database) => ({
        bundle: await surveyBundle(bundle, database),
        ...(await surveyMerge(database, bundle, projectId)),
      })),
    merge: (file, projectId, names, report) =>
      using(file, (bundle, database, signal) =>
        mergeBundle(database, bundle, projectId, names, report, signal),
      ),
    stop: () => stop.abort(),
  };
}

async function surveyBundle({ manifest }: Bundle, database: Database): Promise<BundleSurvey> {
  const { project, annotator, createdAt, counts, holds } = manifest;
  const projectId = project.id as ProjectId;
  return {
    projectId,
    projectName: project.name,
    kind: project.kind,
    annotator,
    createdAt,
    items: counts.items,
    holdsItems: holds.items,
    isHere: (await loadProject(database, projectId)) !== null,
  };
}
