// Keeps the project's embeddings up to date in the background and says how far that is.

import type { EmbeddingProgress } from "../../workers/api";
import type { Project } from "../core/project";
import { openEmbedder } from "../engine/embedder";
import { isStopped, sentenceOf } from "./problem";

export type EmbeddingPhase =
  | { readonly at: "idle" }
  | ({ readonly at: "running"; readonly startedAt: number } & EmbeddingProgress)
  | { readonly at: "failed"; readonly message: string };

export class Embedding {
  phase = $state.raw<EmbeddingPhase>({ at: "idle" });
  /** Which embeddings there are; null before the first run. */
  encoderKey = $state.raw<string | null>(null);
  rows = $state.raw(0);
  unreadable = $state.raw<readonly string[]>([]);
  /** Why the encoder does not run on the fastest device; null where there is nothing to say. */
  note = $state.raw<string | null>(null);

  #embedder = openEmbedder();
  #running: AbortController | null = null;

  /** Embeds what is new. A call during a run starts over once that run has stopped; nothing stored is lost. */
  async update(project: Project): Promise<void> {
    this.#running?.abort();
    const run = new AbortController();
    this.#running = run;
    const startedAt = performance.now();
    try {
      const embedded = await this.#embedder.embed(
        project.id,
        // A project that came from elsewhere may be older than this setting.
        project.settings.encoderId ?? null,
        project.settings.seed,
        (progress) => void (this.phase = { at: "running", startedAt, ...progress }),
        run.signal,
      );
      this.encoderKey = embedded.encoderKey;
      this.rows = embedded.rows;
      this.unreadable = embedded.unreadable;
      this.note = embedded.note;
      this.phase = { at: "idle" };
    } catch (error) {
      if (this.#running === run)
        this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    }
  }

  /** Leaves the rest to another tab; what is stored stays. */
  stop(): void {
    this.#running?.abort();
  }

  close(): void {
    this.stop();
    this.#embedder.close();
  }
}
