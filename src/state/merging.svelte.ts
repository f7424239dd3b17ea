// Merging a bundle into the open project: what it would do, then the doing, then what it did. The conflicts that
// follow are the session's, since they follow from its labels alone.

export type { Merged } from "../../workers/bundling/api";
import type { BundleProgress, Merged, MergeSurvey } from "../../workers/bundling/api";
import { openBundler } from "../engine/bundler";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type MergePhase =
  | { readonly at: "idle" }
  | { readonly at: "looking" }
  | { readonly at: "review"; readonly file: File; readonly survey: MergeSurvey }
  | { readonly at: "running"; readonly progress: BundleProgress }
  | { readonly at: "done"; readonly merged: Merged }
  | { readonly at: "failed"; readonly message: string };

export class Merging {
  phase = $state.raw<MergePhase>({ at: "idle" });

  readonly #session: Session;
  #stop = new AbortController();

  constructor(session: Session) {
    this.#session = session;
  }

  async look(file: File): Promise<void> {
    this.phase = { at: "looking" };
    const bundler = openBundler();
    try {
      this.phase = { at: "review", file, survey: await bundler.surveyMerge(file, this.#session.project.id) };
    } catch (error) {
      this.phase = { at: "failed", message: sentenceOf(error) };
    } finally {
      bundler.close();
    }
  }

  /** @param names what annotators of the bundle are called here, where not as there. */
  async merge(names: Readonly<Record<string, string>>): Promise<void> {
    if (this.phase.at !== "review") return;
    const { file, survey } = this.phase;
    const session = this.#session;
    const bundler = openBundler();
    this.#stop = new AbortController();
    this.phase = { at: "running", progress: { done: 0, total: survey.bundle.items } };
    try {
      const merged = await bundler.merge(
        file,
        session.project.id,
        names,
        (progress) => void (this.phase = { at: "running", progress }),
        this.#stop.signal,
      );
      await session.takeMerged();
      this.phase = { at: "done", merged };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    } finally {
      bundler.close();
    }
  }

  cancel(): void {
    if (this.phase.at === "running") this.#stop.abort();
    else this.phase = { at: "idle" };
  }

  close(): void {
    this.#stop.abort();
  }
}
