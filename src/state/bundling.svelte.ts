// Saving the open project, or its answers alone, as a bundle.

import { openBundler } from "../engine/bundler";
import { saveFile } from "../engine/save-file";
import { bundleExtension } from "../formats/bundle/manifest";
import { safeName } from "../formats/safe-name";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type BundlingPhase =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly done: number; readonly total: number }
  | { readonly at: "done"; readonly name: string; readonly sizeBytes: number }
  | { readonly at: "failed"; readonly message: string };

export class Bundling {
  phase = $state.raw<BundlingPhase>({ at: "idle" });

  readonly #session: Session;
  #stop = new AbortController();

  constructor(session: Session) {
    this.#session = session;
  }

  async save(items: boolean, embeddings: boolean): Promise<void> {
    const { project, annotator, itemCount } = this.#session;
    this.#stop = new AbortController();
    this.phase = { at: "running", done: 0, total: itemCount };
    const bundler = openBundler();
    try {
      const blob = await bundler.write(
        project.id,
        { items, embeddings },
        annotator,
        (progress) => void (this.phase = { at: "running", ...progress }),
        this.#stop.signal,
      );
      const name = `${safeName(project.name, "project")}${items ? "" : ` answers by ${safeName(annotator, "me")}`}${bundleExtension}`;
      await saveFile(name, "application/zip", piecesOf(blob));
      this.phase = { at: "done", name, sizeBytes: blob.size };
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
