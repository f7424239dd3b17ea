// Saving the open project, or its answers alone, as a bundle.

import { openBundler } from "../engine/bundler";
import { chooseTarget, saveFile } from "../engine/save-file";
import { bundleExtension } from "../formats/bundle/manifest";
import type { PretrainedModel } from "../core/pretrained";
import { loadModel } from "../storage/model-store";
import { safeName } from "../formats/safe-name";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type BundlingPhase =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly done: number; readonly total: number }
  | {
      readonly at: "done";
      readonly name: string;
      /** Whether the person chose where to, so that it is not in the downloads. */
      readonly placed: boolean;
      readonly sizeBytes: number;
    }
  | { readonly at: "failed"; readonly message: string };

export class Bundling {
  phase = $state.raw<BundlingPhase>({ at: "idle" });

  /** The pretrained encoder the project uses; null where it uses none. */
  encoder = $state.raw<PretrainedModel | null>(null);

  readonly #session: Session;
  #stop = new AbortController();

  constructor(session: Session) {
    this.#session = session;
  }

  async findEncoder(): Promise<void> {
    const { encoderId } = this.#session.project.settings;
    try {
      this.encoder = encoderId ? await loadModel(this.#session.database, encoderId) : null;
    } catch (error) {
      this.phase = { at: "failed", message: sentenceOf(error) };
    }
  }

  async save(items: boolean, embeddings: boolean, models: boolean): Promise<void> {
    const { project, annotator, itemCount } = this.#session;
    this.#stop = new AbortController();
    const name = `${safeName(project.name, "project")}${items ? "" : ` answers by ${safeName(annotator, "me")}`}${bundleExtension}`;
    const bundler = openBundler();
    try {
      // Asked for first: a browser lets a page ask only right after the click.
      const target = await chooseTarget(name, "application/zip");
      this.phase = { at: "running", done: 0, total: itemCount };
      const blob = await bundler.write(
        project.id,
        { items, embeddings, models },
        annotator,
        (progress) => void (this.phase = { at: "running", ...progress }),
        this.#stop.signal,
      );
      await saveFile(name, "application/zip", piecesOf(blob), undefined, target);
      const placed = target !== null;
      this.phase = { at: "done", name: target?.name ?? name, placed, sizeBytes: blob.size };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    } finally {
      bundler.close();
    }
  }

  cancel(): void {
    this.#stop.abort();
  }
}

/** Not every browser iterates over a stream. */
async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
