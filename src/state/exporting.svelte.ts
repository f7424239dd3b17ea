// Exporting the open project: gathers what each item is labelled as and streams it through an exporter.

import type { ClassId, ItemId } from "../core/ids";
import type { Item } from "../core/item";
import { saveFile } from "../engine/save-file";
import type { Exporter, ExportSource, LabelRecord } from "../formats/export";
import type { Problem } from "../formats/reader";
import { loadContent, loadItems } from "../storage/item-store";
import { exportedModel } from "./exported-model";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type ExportPhase =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly exporterId: string; readonly done: number; readonly total: number }
  | {
      readonly at: "done";
      readonly name: string;
      readonly sizeBytes: number;
      readonly problems: readonly Problem[];
    }
  | { readonly at: "failed"; readonly message: string };

const pageRows = 500;
const decoder = new TextDecoder();

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
    const total = session.itemCount;
    const problems: Problem[] = [];
    const report = (done: number) => (this.phase = { at: "running", exporterId: exporter.id, done, total });
    report(0);
    try {
      const source: ExportSource = {
        projectName: session.project.name,
        records: () => this.#records(labelledOnly, report),
        readBytes: async (itemId) => {
          const content = await loadContent(session.database, session.project.id, itemId);
          return content && new Blob([content.bytes]);
        },
        head: exporter.needsHead ? await exportedModel(session, roundNumber) : null,
        appVersion: __APP_VERSION__,
        createdAt: Date.now(),
        report: (problem) => problems.push(problem),
      };
      const name = fileName(session.project.name, exporter, roundNumber);
      let sizeBytes = 0;
      await saveFile(
        name,
        exporter.mime,
        exporter.write(source, this.#stop.signal),
        (bytes) => (sizeBytes = bytes),
      );
      this.phase = { at: "done", name, sizeBytes, problems };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    }
  }

  cancel(): void {
    this.#stop.abort();
  }

  async *#records(labelledOnly: boolean, report: (done: number) => void): AsyncIterable<LabelRecord> {
    const { database, project, itemCount } = this.#session;
    const names = new Map(project.classes.map(({ id, name }) => [id, name]));
    for (let from = 0; from < itemCount; from += pageRows) {
      const items = await loadItems(database, project.id, from, from + pageRows);
      const wanted = items.filter(({ itemId }) => !labelledOnly || this.#classesOf(itemId));
      const texts = await this.#texts(wanted);
      for (const [place, item] of wanted.entries()) yield this.#record(item, texts[place] ?? null, names);
      report(Math.min(itemCount, from + pageRows));
    }
  }

  /** Those of one page are asked for at once: one request after the other would take most of the time. */
  async #texts(items: readonly Item[]): Promise<(string | null)[]> {
    const { database, project } = this.#session;
    return Promise.all(
      items.map(async ({ kind, itemId }) => {
        const content = kind === "text" ? await loadContent(database, project.id, itemId) : null;
        return content && decoder.decode(content.bytes);
      }),
    );
  }

  #classesOf(itemId: ItemId): readonly ClassId[] | undefined {
    const { view } = this.#session;
    return view.train.get(itemId) ?? view.holdOut.get(itemId);
  }

  #record(item: Item, text: string | null, names: ReadonlyMap<string, string>): LabelRecord {
    const event = this.#session.labels.current(item.itemId);
    const classIds = this.#classesOf(item.itemId);
    const status = classIds
      ? "labelled"
      : event?.answer.type === "skip"
        ? "skipped"
        : event?.answer.type === "unsure"
          ? "unsure"
          : "unlabelled";
    const { itemId, name, path, kind, given } = item;
    return {
      itemId,
      name,
      path,
      kind,
      given,
      text,
      classes: (classIds ?? []).map((id) => names.get(id)!),
      status,
      slice: status === "labelled" ? (event?.slice ?? null) : null,
      origin: event?.origin ?? null,
      annotator: event?.annotator ?? null,
      at: event?.at ?? null,
      round: event?.shown?.round ?? null,
      tookMs: event?.tookMs ?? null,
      guess: event?.shown?.guess ? (names.get(event.shown.guess) ?? null) : null,
      confidence: event?.shown?.confidence ?? null,
    };
  }
}

export function labelledCount(session: Session): number {
  return session.view.train.size + session.view.holdOut.size;
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
