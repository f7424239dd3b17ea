// Compares the encoders there are on the labels so far, and keeps what came of it until the project is closed.

import type { ComparedEncoder } from "../../workers/api";
import { activeClasses } from "../core/project";
import { openEmbedder } from "../engine/embedder";
import { labelledRows } from "./labelled-rows";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export interface Comparison {
  readonly encoderId: string | null;
  readonly label: string;
  /** null where it could not be compared; `fault` says why. */
  readonly result: ComparedEncoder | null;
  readonly fault: string | null;
}

export type ComparingPhase =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly done: number; readonly total: number }
  | { readonly at: "failed"; readonly message: string };

export class Comparing {
  phase = $state.raw<ComparingPhase>({ at: "idle" });
  /** Best first. */
  compared = $state.raw<readonly Comparison[]>([]);

  readonly #session: Session;
  readonly #workshop = openEmbedder();
  #running: AbortController | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  async run(): Promise<void> {
    const { project, encoders } = this.#session;
    const choices = [
      ...encoders.builtIn.map(({ id, label, isDefault }) => ({ encoderId: isDefault ? null : id, label })),
      ...encoders.models.map(({ id, name }) => ({ encoderId: id, label: name })),
    ];
    const run = (this.#running = new AbortController());
    this.phase = { at: "running", done: 0, total: choices.length };
    try {
      const found = await this.#workshop.compareEncoders(
        project.id,
        {
          // What is chosen by the hold-out could not be judged by it.
          labelled: labelledRows(this.#session, this.#session.view.train),
          classes: activeClasses(project).length,
          answerMode: project.answerMode,
          encoderIds: choices.map(({ encoderId }) => encoderId),
          seed: project.settings.seed,
        },
        (done, total) => void (this.phase = { at: "running", done, total }),
        run.signal,
      );
      this.compared = found
        .map((one, at) => ({
          ...choices[at]!,
          result: "fault" in one ? null : one,
          fault: "fault" in one ? one.fault : null,
        }))
        .sort((a, b) => (b.result?.accuracy.value ?? -1) - (a.result?.accuracy.value ?? -1));
      this.phase = { at: "idle" };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    } finally {
      this.#running = null;
      this.#workshop.close();
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  close(): void {
    this.stop();
    this.#workshop.close();
  }
}
