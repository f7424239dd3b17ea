// Vectors computed elsewhere: taking files of them in, what became of them, and the sets a project has.

import type { EmbeddingProgress } from "../../workers/api";
import { isVectorsId, vectorsIdOf, type VectorAccount } from "../core/own-vectors";
import type { DroppedFile } from "../engine/dropped-files";
import { openEmbedder } from "../engine/embedder";
import { deleteEmbeddings, listLearntUnder } from "../storage/embedding-store";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type VectorsPhase =
  | { readonly at: "idle" }
  | { readonly at: "reading"; readonly progress: EmbeddingProgress | null }
  /** Kept, and not used yet. */
  | { readonly at: "read"; readonly account: VectorAccount }
  | { readonly at: "failed"; readonly message: string };

export class Vectors {
  phase = $state.raw<VectorsPhase>({ at: "idle" });
  /** The sets this project keeps. */
  sets = $state.raw<readonly VectorAccount[]>([]);

  readonly #session: Session;
  readonly #workshop = openEmbedder();
  #reading: AbortController | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  async load(): Promise<void> {
    const { database, project } = this.#session;
    const found = await listLearntUnder(database, project.id, vectorsIdOf(""));
    this.sets = found.map(({ state }) => state as VectorAccount);
  }

  /** Reads picked files; ends in `read` with the account, or in `failed`. */
  async read(picked: Promise<readonly DroppedFile[]> | readonly DroppedFile[]): Promise<void> {
    const run = (this.#reading = new AbortController());
    this.phase = { at: "reading", progress: null };
    try {
      const files = (await picked).map(({ file }) => file);
      const account = await this.#workshop.importVectors(
        this.#session.project.id,
        files,
        (progress) => void (this.phase = { at: "reading", progress }),
        run.signal,
      );
      this.phase = { at: "read", account };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    } finally {
      // What the matrix took is given back.
      this.#workshop.close();
    }
  }

  stop(): void {
    this.#reading?.abort();
  }

  /** Makes the set just read the project's embeddings. */
  async use(): Promise<void> {
    if (this.phase.at !== "read") return;
    const { id } = this.phase.account;
    await this.load();
    this.phase = { at: "idle" };
    await this.#session.encoders.use(id);
  }

  /** Forgets the set just read, or what went wrong. */
  async dismiss(): Promise<void> {
    const { phase } = this;
    this.phase = { at: "idle" };
    if (phase.at === "read") await this.remove(phase.account);
  }

  /** @throws where this project uses it. */
  async remove({ id, source }: VectorAccount): Promise<void> {
    const { database, project, encoders } = this.#session;
    if (encoders.chosen === id)
      throw new Error(`This project uses ${source}. Choose another encoder first; then it can be removed.`);
    if (isVectorsId(id)) await deleteEmbeddings(database, project.id, id);
    await this.load();
  }

  close(): void {
    this.stop();
    this.#workshop.close();
  }
}
