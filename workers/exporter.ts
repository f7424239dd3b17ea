// The exporter: streams the items of a project and what is said of them through a format. In a worker, because a
// hundred thousand records would hold the page up, and because what is answered meanwhile must not mix in.

import * as Comlink from "comlink";
import { activeClasses } from "../src/core/project";
import type { ExportSource } from "../src/formats/export";
import { exporterById } from "../src/formats/exporter-registry";
import type { Problem } from "../src/formats/reader";
import { openWhenNeeded } from "../src/storage/database";
import { loadContent } from "../src/storage/item-store";
import type { ExporterApi } from "./exporting/api";
import { Opinions } from "./exporting/opinions";
import { exportRecords } from "./exporting/records";
import { readProject } from "./exporting/stored-project";

export function createExporter(): ExporterApi {
  const storage = openWhenNeeded();
  let stop = new AbortController();

  return {
    async write({ projectId, exporterId, labelledOnly, appVersion, createdAt }, hear) {
      const { signal } = (stop = new AbortController());
      const exporter = exporterById(exporterId);
      const database = await storage();
      const stored = await readProject(database, projectId);
      const { project } = stored;
      const opinions = exporter.wantsOpinions ? await Opinions.open(stored, signal) : null;
      const problems: Problem[] = [];
      let passed = 0;
      const source: ExportSource = {
        projectName: project.name,
        answerMode: project.answerMode,
        classes: activeClasses(project).map(({ name }) => name),
        records: () =>
          exportRecords(stored, opinions, labelledOnly, async (items) => {
            passed = items;
            await hear(null, passed);
          }),
        async readBytes(itemId) {
          const content = await loadContent(database, projectId, itemId);
          return content && new Blob([content.bytes]);
        },
        head: null,
        appVersion,
        createdAt,
        report: (problem) => problems.push(problem),
      };
      for await (const piece of exporter.write(source, signal)) {
        // A copy, since a piece may be a window on memory that the format goes on using.
        const own = piece.slice();
        await hear(Comlink.transfer(own, [own.buffer]), passed);
      }
      return problems;
    },

    stop: () => stop.abort(),
  };
}
