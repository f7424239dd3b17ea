// Exporting the open project: gathers what each item is labelled as and streams it through an exporter.

import { activeClasses } from "../core/project";
import { chooseTarget, saveFile } from "../engine/save-file";
import { overEmbeddings } from "../core/learning/model";
import type { Exporter, ExportSource } from "../formats/export";
import type { Problem } from "../formats/reader";
import { loadContent } from "../storage/item-store";
import { exportedModel } from "./exported-model";
import { exportRecords } from "./export-records";
import { Opinions } from "./opinions";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type ExportPhase =
  | { readonly at: "idle" }
  | {
      readonly at: "running";
      readonly exporterId: string;
      /** Items passed; some formats pass them more than once. */
      readonly done: number;
      readonly total: number;
      readonly sizeBytes: number;
      readonly startedAt: number;
    }
  | {
      readonly at: "done";
      readonly name: string;
      /** Whether the person chose where to, so that it is not in the downloads. */
      readonly placed: boolean;
      readonly sizeBytes: number;
      readonly problems: readonly Problem[];
    }
  | { readonly at: "failed"; readonly message: string };

export class Exporting {
  phase = $state.raw<ExportPhase>({ at: "idle" });

  readonly #session: Session;
  #stop = new AbortController();

  constructor(session: Session) {
    this.#session = session;
  }

  /** @param roundNumber whose model, where the exporter takes one; null for the newest. */
  async run(exporter: Exporter, labelledOnly: boolean, roundNumber: number | null = null): Promise<void> {
    const session = this.#session;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const total = session.itemCount;
    const startedAt = performance.now();
    const problems: Problem[] = [];
    let done = 0;
    let sizeBytes = 0;
    const report = () =>
      (this.phase = { at: "running", exporterId: exporter.id, done, total, sizeBytes, startedAt });
    try {
      const name = fileName(session.project.name, exporter, roundNumber);
      // Asked for first: a browser lets a page ask only right after the click.
      const target = await chooseTarget(name, exporter.mime);
      report();
      const opinions = exporter.wantsOpinions ? await Opinions.open(session, signal) : null;
      const model = exporter.needsHead ? await exportedModel(session, roundNumber) : null;
      const head = model?.head ?? null;
      const source: ExportSource = {
        projectName: session.project.name,
        answerMode: session.project.answerMode,
        classes: activeClasses(session.project).map((one) => one.name),
        records: () =>
          exportRecords(session, opinions, labelledOnly, (passed) => {
            done = passed;
            report();
          }),
        readBytes: async (itemId) => {
          const content = await loadContent(session.database, session.project.id, itemId);
          return content && new Blob([content.bytes]);
        },
        head: head && !exporter.carriesTerms ? { ...head, model: overEmbeddings(head.model) } : head,
        ...(model && {
          standalone: model.standalone,
          encoderFiles: model.encoderFiles,
          joinTfjs: model.joinTfjs,
        }),
        appVersion: __APP_VERSION__,
        createdAt: Date.now(),
        report: (problem) => problems.push(problem),
      };
      const wrote = (bytes: number) => (sizeBytes = bytes);
      await saveFile(name, exporter.mime, exporter.write(source, signal), wrote, target);
      this.phase = { at: "done", name: target?.name ?? name, placed: target !== null, sizeBytes, problems };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    }
  }

  cancel(): void {
    this.#stop.abort();
  }
}

export function labelledCount(session: Session): number {
  const { train, holdOut, machine } = session.view;
  return train.size + holdOut.size + machine.size;
}

/** Labels each class has, removed classes included. */
export function allClassCounts({ labels }: Session): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { current } of labels.items.values()) {
    if (current?.answer.type !== "classes") continue;
    for (const id of current.answer.classIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function fileName(project: string, exporter: Exporter, roundNumber: number | null): string {
  const safe =
    project
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .toLowerCase() || "askwell";
  const round = exporter.needsHead && roundNumber !== null ? `-round-${roundNumber}` : "";
  return `${safe}-${exporter.id}${round}${exporter.extension}`;
}
