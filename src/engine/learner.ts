// The page's door to the learner worker. Starts it on the wanted tier and loads embeddings again by itself
// after a death, so that callers only see one failed round.

import type { ComputeReport, LearnerApi } from "../../workers/api";
import type { ProjectId } from "../core/ids";
import type { Tier } from "../core/kernels";
import type { Remeasured, Yardstick } from "../core/remeasure";
import type { Round, RoundInput } from "../core/round";
import { openWorker } from "./worker-handle";

export interface Learner {
  /** What the arithmetic runs on; null until the worker was first asked for something. */
  readonly report: ComputeReport | null;
  /** Makes sure that the worker holds these embeddings. `rows` tells a grown set from the one it has. */
  load(projectId: ProjectId, encoderKey: string, rows: number): Promise<ComputeReport>;
  round(input: RoundInput, signal: AbortSignal): Promise<Round>;
  /** Needs a `load` before it. */
  remeasure(numbers: readonly number[], yardstick: Yardstick, seed: number): Promise<Remeasured[]>;
  close(): void;
}

export function openLearner(preferred: Tier | "auto", died: (error: Error) => void): Learner {
  let report: ComputeReport | null = null;
  let loaded = "";
  let last: Promise<unknown> = Promise.resolve();
  /** One call after the other: loading must not take the matrix away from a round under way. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }
  const worker = openWorker<LearnerApi>(
    "learner",
    () => new Worker(new URL("../../workers/learner.worker.ts", import.meta.url), { type: "module" }),
    (error) => {
      report = null;
      loaded = "";
      died(error);
    },
  );
  return {
    get report() {
      return report;
    },
    load: (projectId, encoderKey, rows) =>
      inTurn(async () => {
        report ??= await worker.call(null, "start", preferred);
        const wanted = `${projectId} ${encoderKey} ${rows}`;
        if (loaded !== wanted) {
          await worker.call(null, "load", projectId, encoderKey);
          loaded = wanted;
        }
        return report;
      }),
    round: (input, signal) => inTurn(() => worker.call(signal, "round", input)),
    remeasure: (numbers, yardstick, seed) =>
      inTurn(() => worker.call(null, "remeasure", numbers, yardstick, seed)),
    close: () => worker.close(),
  };
}
