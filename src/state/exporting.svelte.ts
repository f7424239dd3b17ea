// Exporting the open project: labels by a worker, which reads them from storage; models here, where they are.

import { activeClasses } from "../core/project";
import { exportInWorker } from "../engine/exporter";
import { chooseTarget, saveFile } from "../engine/save-file";
import { overEmbeddings } from "../core/learning/model";
import type { Exporter, ExportSource } from "../formats/export";
import type { Problem } from "../formats/reader";
import { exportedModel } from "./exported-model";
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
    const about = { appVersion: __APP_VERSION__, createdAt: Date.now() };
    const note = (problem: Problem) => void problems.push(problem);
    const passed = (items: number) => {
      done = items;
      report();
    };
    try {
      const name = fileName(session.project.name, exporter, roundNumber);
      // Asked for first: a browser lets a page ask only right after the click.
      const target = await chooseTarget(name, exporter.mime);
      report();
      const job = { projectId: session.project.id, exporterId: exporter.id, labelledOnly, ...about };
      const bytes = exporter.needsHead
        ? exporter.write(
            await modelSource(session, exporter, roundNumber, { ...about, report: note }),
            signal,
          )
        : exportInWorker(job, passed, note, signal);
      const wrote = (written: number) => (sizeBytes = written);
      await saveFile(name, exporter.mime, bytes, wrote, target);
      this.phase = { at: "done", name: target?.name ?? name, placed: target !== null, sizeBytes, problems };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    }
  }

  cancel(): void {
    this.#stop.abort();
  }
}

/** What an export of a model is made from: it holds no items. */
async function modelSource(
  session: Session,
  exporter: Exporter,
  roundNumber: number | null,
  about: Pick<ExportSource, "appVersion" | "createdAt" | "report">,
): Promise<ExportSource> {
  const model = await exportedModel(session, roundNumber);
  const head = model?.head ?? null;
  return {
    projectName: session.project.name,
    answerMode: session.project.answerMode,
    classes: activeClasses(session.project).map(({ name }) => name),
    records: () => [],
    readBytes: () => Promise.resolve(null),
    head: head && !exporter.carriesTerms ? { ...head, model: overEmbeddings(head.model) } : head,
    ...(model && {
      standalone: model.standalone,
      encoderFiles: model.encoderFiles,
      joinTfjs: model.joinTfjs,
    }),
    ...about,
  };
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
