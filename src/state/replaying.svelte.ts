// Replays the project's labels with several strategies in a worker of its own, beside the questions, and keeps what
// came of it until the project is closed.

import { activeClasses } from "../core/project";
import { strategies } from "../core/registry";
import type { LabelledRow } from "../core/round";
import type { ReplayReport } from "../core/simulation/compare-strategies";
import { openLearner } from "../engine/learner";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type ReplayingPhase =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly done: number; readonly total: number }
  | { readonly at: "failed"; readonly message: string };

export interface ReplayChoice {
  readonly strategyIds: readonly string[];
  readonly seeds: number;
  readonly budget: number;
}

export class Replaying {
  phase = $state.raw<ReplayingPhase>({ at: "idle" });
  report = $state.raw<ReplayReport | null>(null);

  readonly #session: Session;
  #running: AbortController | null = null;

  /** What can be compared, by the menus' order. */
  readonly choices = [...strategies.values()].map(({ id, label, summary }) => ({ id, label, summary }));

  /** All labels there are: the hold-out's too, since the project's own model does not come into it. */
  labelled: readonly LabelledRow[] = $derived.by(() => {
    const { view, project, items, embedding } = this.#session;
    const place = new Map<string, number>(activeClasses(project).map(({ id }, at) => [id, at]));
    return [...view.train, ...view.holdOut].flatMap(([itemId, classIds]) => {
      const row = items.rowOf(itemId);
      const known = row !== undefined && row < embedding.rows && classIds.length === 1;
      return known ? [{ row, classes: [place.get(classIds[0]!)!] }] : [];
    });
  });

  constructor(session: Session) {
    this.#session = session;
  }

  async run({ strategyIds, seeds, budget }: ReplayChoice): Promise<void> {
    const { project, embedding, shell } = this.#session;
    if (embedding.encoderKey === null || this.phase.at === "running") return;
    const run = (this.#running = new AbortController());
    const learner = openLearner(shell.preferences.tier, { died: () => undefined, changed: () => undefined });
    this.phase = { at: "running", done: 0, total: 0 };
    try {
      const { seed } = project.settings;
      await learner.load(project.id, embedding.encoderKey, embedding.rows, seed);
      run.signal.throwIfAborted();
      const plan = {
        classIds: activeClasses(project).map(({ id }) => id),
        labelled: this.labelled,
        strategyIds,
        seeds,
        budget,
        settings: $state.snapshot(project.settings),
      };
      this.report = await learner.replay(
        plan,
        (done, total) => void (this.phase = { at: "running", done, total }),
        run.signal,
      );
      this.phase = { at: "idle" };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    } finally {
      this.#running = null;
      learner.close();
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  close(): void {
    this.stop();
  }
}
