// The page's door to the learner worker. Starts it on the wanted tier and loads embeddings again by itself
// after a death, on a slower tier where it dies again, so that callers only see one failed round.

import type {
  ComputeReport,
  LearnerApi,
  MeasuredCurve,
  Measurement,
  PoolPrediction,
} from "../../workers/api";
import type { ProjectId } from "../core/ids";
import type { Tier } from "../core/kernels/kernels";
import { Recovery } from "../core/recovery";
import type { AskedRow, Assessment } from "../core/evaluation/assess";
import type { BaselineFit, BaselineResult } from "../core/evaluation/random-baseline";
import type { LookedAround, Surroundings } from "../core/monitoring/surroundings";
import type { Yardstick } from "../core/evaluation/remeasure";
import type { NearPairs } from "../core/near-duplicates";
import type { Question, Refreshed, Round, RoundInput } from "../core/round";
import type { ReplayPlan, ReplayReport } from "../core/simulation/compare-strategies";
import { lasting, openWorker, WorkerDied, type WorkerLike } from "./worker-handle";

export interface Learner {
  /** What the arithmetic runs on; null until the worker was first asked for something. */
  readonly report: ComputeReport | null;
  /** Makes sure that the worker holds these embeddings. `rows` tells a grown set from the one it has. */
  load(projectId: ProjectId, encoderKey: string, rows: number, seed: number): Promise<ComputeReport>;
  round(input: RoundInput, signal: AbortSignal): Promise<Round>;
  /** These two go with a `load` before them as well. */
  refresh(input: RoundInput, fit: "full" | "update", signal: AbortSignal): Promise<Refreshed>;
  deepen(signal: AbortSignal): Promise<readonly Question[] | null>;
  measure(): Promise<Measurement>;
  /** Needs a `load` before it. `report` hears of rounds done and about how many in all. */
  replay(
    plan: ReplayPlan,
    report: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<ReplayReport>;
  /** What the model of a round says of the loaded items. Needs a `load` before it. */
  predict(round: number): Promise<PoolPrediction>;
  /** Needs a `load` before it. Rounds go on beside it. */
  nearPairs(floor: number): Promise<NearPairs>;
  /** Needs a `load` before it. */
  remeasure(numbers: readonly number[], yardstick: Yardstick, seed: number): Promise<MeasuredCurve>;
  /** These four need one as well. */
  assess(number: number, input: RoundInput, asked: readonly AskedRow[]): Promise<Assessment | null>;
  fitBaseline(fit: BaselineFit, input: RoundInput): Promise<BaselineResult>;
  lookAround(around: LookedAround): Promise<Surroundings>;
  drift(laterFrom: number, seed: number): Promise<Surroundings["drift"]>;
  /** For good: calls that wait, and later ones, reject. */
  close(): void;
}

export interface LearnerEvents {
  /** The worker went away; the next call starts a new one. */
  died(error: Error): void;
  /** The arithmetic failed and is being replaced, or was. */
  changed(report: ComputeReport): void;
}

const startLearner = (): WorkerLike =>
  new Worker(new URL("../../workers/learner.worker.ts", import.meta.url), { type: "module" });

export function openLearner(
  preferred: Tier | "auto",
  events: LearnerEvents,
  start: () => WorkerLike = startLearner,
): Learner {
  const recovery = new Recovery();
  let report: ComputeReport | null = null;
  /** What the page alone knows: the deaths. */
  let deaths: readonly string[] = [];
  let loaded = "";
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();
  /** One call after the other: loading must not take the matrix away from a round under way. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    // What still waits for its turn when the learner is closed must not start another worker.
    const begin = () => (closed ? Promise.reject(new WorkerDied("learner", "closed by the page")) : work());
    const turn = last.then(begin, begin);
    last = turn.catch(() => undefined);
    return turn;
  }
  const worker = openWorker<LearnerApi>("learner", start, (error) => {
    // One that died while it started was on its way to the best tier.
    const tier = report?.tier ?? (preferred === "auto" ? recovery.fastest : preferred);
    const next = recovery.after(tier, Date.now());
    const slower = next !== null && next !== tier;
    deaths = [
      slower
        ? "The learner stopped unexpectedly again and runs on a slower tier now. Nothing you saved was lost."
        : "The learner stopped unexpectedly and was started again. Nothing you saved was lost.",
    ];
    report = null;
    loaded = "";
    events.died(error);
  });

  const withDeaths = (told: ComputeReport): ComputeReport => ({
    ...told,
    notes: [...deaths, ...told.notes],
  });

  function changed(told: ComputeReport): void {
    report = withDeaths(told);
    events.changed(report);
  }

  async function started(): Promise<ComputeReport> {
    return (report ??= withDeaths(
      await worker.call(null, "start", preferred, recovery.fastest, lasting(changed)),
    ));
  }

  return {
    get report() {
      return report;
    },
    load: (projectId, encoderKey, rows, seed) =>
      inTurn(async () => {
        const now = await started();
        const wanted = `${projectId} ${encoderKey} ${rows}`;
        if (loaded !== wanted) {
          // The worker gives up what it holds before it reads; where that fails it holds nothing.
          loaded = "";
          await worker.call(null, "load", projectId, encoderKey, seed);
          loaded = wanted;
        }
        return report ?? now;
      }),
    round: (input, signal) => inTurn(() => worker.call(signal, "round", input)),
    refresh: (input, fit, signal) => inTurn(() => worker.call(signal, "refresh", input, fit)),
    // A worker that has been replaced meanwhile has nothing to think over.
    deepen: (signal) => inTurn(async () => (loaded ? worker.call(signal, "deepen") : null)),
    remeasure: (numbers, yardstick, seed) =>
      inTurn(() => worker.call(null, "remeasure", numbers, yardstick, seed)),
    assess: (number, input, asked) => inTurn(() => worker.call(null, "assess", number, input, asked)),
    fitBaseline: (fit, input) => inTurn(() => worker.call(null, "fitBaseline", fit, input)),
    lookAround: (around) => inTurn(() => worker.call(null, "lookAround", around)),
    drift: (laterFrom, seed) => inTurn(() => worker.call(null, "drift", laterFrom, seed)),
    replay: (plan, report, signal) => inTurn(() => worker.call(signal, "replay", plan, report)),
    predict: (round) => inTurn(() => worker.call(null, "predict", round)),
    nearPairs: (floor) => worker.call(null, "nearPairs", floor),
    measure: () =>
      inTurn(async () => {
        await started();
        return worker.call(null, "measure");
      }),
    close: () => {
      closed = true;
      worker.close();
    },
  };
}
