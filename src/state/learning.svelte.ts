// Runs rounds in the learner worker whenever there is something new to learn, and keeps what they found.
// Nobody waits for it: while a round runs, the person goes on with the questions there are.

import type { ComputeReport, MeasuredCurve, Measurement, PoolPrediction } from "../../workers/api";
import type { ItemId } from "../core/ids";
import { activeClasses } from "../core/project";
import type { AskedRow, Assessment } from "../core/evaluation/assess";
import type { BaselineFit, BaselineResult } from "../core/evaluation/random-baseline";
import type { Surroundings } from "../core/monitoring/surroundings";
import type { NearPairs } from "../core/near-duplicates";
import type { LabelledRow, Question, Round, RoundInput } from "../core/round";
import { openLearner, type Learner } from "../engine/learner";
import { WorkerDied } from "../engine/worker-handle";
import { loadQuestions, loadRounds, saveRound } from "../storage/round-store";
import type { RoundSummary } from "../storage/schema";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type LearningPhase =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly number: number }
  | { readonly at: "failed"; readonly message: string };

export class Learning {
  phase = $state.raw<LearningPhase>({ at: "idle" });
  /** All rounds so far, oldest first. */
  rounds = $state.raw<readonly RoundSummary[]>([]);
  report = $state.raw<ComputeReport | null>(null);
  /** What the newest round wants to ask, in order, answered ones included. */
  questions = $state.raw<readonly Question[]>([]);

  latest = $derived(this.rounds.at(-1) ?? null);

  readonly #session: Session;
  #learner: Learner;
  #wanted = false;
  #stop = new AbortController();
  #answersSince = 0;

  constructor(session: Session) {
    this.#session = session;
    this.#learner = this.#openLearner();
  }

  /** Reads the stored rounds; the newest one's open questions are the queue again. */
  async restore(): Promise<void> {
    const { database, project } = this.#session;
    this.rounds = await loadRounds(database, project.id);
    const newest = this.rounds.at(-1);
    if (newest) this.questions = await loadQuestions(database, project.id, newest.number);
  }

  /** Counts an answer; every few of them, and when the queue runs low, the model is fitted again. */
  noteAnswer(open: number): void {
    this.#answersSince += 1;
    const { refitEvery } = this.#session.project.settings;
    if (this.#answersSince >= refitEvery || open <= lowQueue) this.request();
  }

  /** Asks for a round where the newest one was about other labels, classes or items than there are now. */
  requestIfStale(): void {
    const { latest } = this;
    const { view, embedding } = this.#session;
    const isFresh =
      latest !== null &&
      latest.trainCount === view.train.size &&
      latest.holdOutCount === view.holdOut.size &&
      latest.classIds.join() === view.classIds.join() &&
      latest.encoderKey === embedding.encoderKey &&
      latest.poolRows === embedding.rows;
    if (!isFresh) this.request();
  }

  /** Asks for a round soon. Several requests during one round make one more. */
  request(): void {
    this.#wanted = true;
    if (this.phase.at !== "running" && !this.#stop.signal.aborted) void this.#run();
  }

  /** The heads so far on the hold-out as it is now; null before there is a head or embeddings for it. */
  async measureCurve(): Promise<MeasuredCurve | null> {
    const withHead = this.rounds.filter(({ hasHead }) => hasHead);
    if (withHead.length === 0 || !(await this.#load())) return null;
    const { classIds, holdOut, answerMode } = this.input();
    const numbers = spread(withHead, curvePoints).map(({ number }) => number);
    const { seed } = this.#session.project.settings;
    return this.#learner.remeasure(numbers, { classIds, holdOut, answerMode }, seed);
  }

  /** A close look at the model of that round; null where it is of other classes or embeddings than today's. */
  async assess(number: number, asked: readonly AskedRow[]): Promise<Assessment | null> {
    return (await this.#load()) ? this.#learner.assess(number, this.input(), asked) : null;
  }

  /** One fit of the random baseline, for an input it was planned for. */
  fitBaseline(fit: BaselineFit, input: RoundInput): Promise<BaselineResult> {
    return this.#learner.fitBaseline(fit, input);
  }

  /** What lies apart from the labels, and whether the last import does; null before there are embeddings. */
  async lookAround(): Promise<Surroundings | null> {
    if (!(await this.#load())) return null;
    const { candidates, train, holdOut, settings } = this.input();
    const labelled = Uint32Array.from([...train, ...holdOut], ({ row }) => row).sort();
    const laterFrom = this.#lastImportFrom();
    return this.#learner.lookAround({ candidates, labelled, laterFrom, seed: settings.seed });
  }

  /** Whether the items of the last import are of another kind; null where there are too few to tell. */
  async drift(): Promise<Surroundings["drift"]> {
    if (!(await this.#load())) return null;
    return this.#learner.drift(this.#lastImportFrom(), this.#session.project.settings.seed);
  }

  /** The first row of the last import; 0 where there was one only. */
  #lastImportFrom(): number {
    const last = this.#session.importing.records.find(({ added }) => added > 0);
    return last ? Math.max(0, this.#session.embedding.rows - last.added) : 0;
  }

  async #load(): Promise<boolean> {
    const { project, embedding } = this.#session;
    if (embedding.encoderKey === null) return false;
    const { encoderKey, rows } = embedding;
    this.report = await this.#learner.load(project.id, encoderKey, rows, project.settings.seed);
    return true;
  }

  /** What the model of a round says of every item. @throws where nothing has been embedded yet. */
  async predict(round: number): Promise<PoolPrediction> {
    await this.#loadOrFail();
    return this.#learner.predict(round);
  }

  /** Pairs of items at least `floor` alike. @throws where nothing has been embedded yet. */
  async nearPairs(floor: number): Promise<NearPairs> {
    await this.#loadOrFail();
    return this.#learner.nearPairs(floor);
  }

  /** Changes the arithmetic tier: the worker starts anew with the next round. */
  restart(): void {
    this.#learner.close();
    this.#learner = this.#openLearner();
    this.report = null;
    this.request();
  }

  /** Times the arithmetic on this machine; takes seconds. */
  async measure(): Promise<Measurement> {
    const measured = await this.#learner.measure();
    this.report = this.#learner.report;
    return measured;
  }

  close(): void {
    this.#stop.abort();
    this.#learner.close();
  }

  async #loadOrFail(): Promise<void> {
    if (!(await this.#load()))
      throw new Error("The machine has not looked at the items yet. Try again when it has.");
  }

  #openLearner(): Learner {
    return openLearner(this.#session.shell.preferences.tier, {
      died: () => (this.report = null),
      changed: (report) => (this.report = report),
    });
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#wanted && this.#session.leads && this.#session.embedding.rows > 0) {
      this.#wanted = false;
      const input = this.input();
      this.phase = { at: "running", number: input.number };
      try {
        await this.#turn(input);
        failures = 0;
        this.phase = { at: "idle" };
      } catch (error) {
        if (isStopped(error) || this.#stop.signal.aborted) return;
        // On a fresh worker, where it dies again on a slower tier; many deaths in a row are shown.
        if (error instanceof WorkerDied && failures++ < mostFailures) this.#wanted = true;
        else if (isTaken(error) && failures++ < mostFailures) {
          await this.restore();
          this.#wanted = true;
        } else this.phase = { at: "failed", message: sentenceOf(error) };
      }
    }
  }

  async #turn(input: RoundInput): Promise<void> {
    const { project, database, embedding, shell } = this.#session;
    const { encoderKey, rows } = embedding;
    if (encoderKey === null) return;
    this.#answersSince = 0;
    this.report = await this.#learner.load(project.id, encoderKey, rows, project.settings.seed);
    const round: Round = await this.#learner.round(input, this.#stop.signal);
    // Another tab has taken over meanwhile; rounds are its work now.
    if (!this.#session.leads) return;
    const summary = await saveRound(
      database,
      { projectId: project.id, encoderKey, poolRows: rows, at: Date.now() },
      round,
    );
    this.rounds = [...this.rounds, summary];
    this.questions = round.questions;
    shell.tell({ type: "rounds", projectId: project.id });
    await this.#session.labelling.refresh();
  }

  /** What a round would be given now. */
  input(): RoundInput {
    const { project, view, embedding } = this.#session;
    const classIds = activeClasses(project).map(({ id }) => id);
    const place = new Map(classIds.map((id, at) => [id, at]));
    const labelled = (items: ReadonlyMap<ItemId, readonly string[]>): LabelledRow[] =>
      [...items]
        .flatMap(([itemId, classes]) => {
          const row = this.#session.items.rowOf(itemId);
          if (row === undefined || row >= embedding.rows) return [];
          return [{ row, classes: classes.map((id) => place.get(id as never)!) }];
        })
        // The same labels make the same round, whatever order they were given in.
        .sort((a, b) => a.row - b.row);
    return {
      number: (this.rounds.at(-1)?.number ?? 0) + 1,
      answerMode: project.answerMode,
      classIds,
      train: labelled(view.train),
      holdOut: labelled(view.holdOut),
      candidates: this.#session.waitingRows(embedding.rows),
      unsure: Uint32Array.from(
        [...view.unsure].flatMap((itemId) => this.#session.items.rowOf(itemId) ?? []),
      ).sort(),
      settings: project.settings,
    };
  }
}

/** The same tier twice, the next one twice: after that it is not the tier. */
const mostFailures = 4;

/** More points than this cost time and show nothing new. */
const curvePoints = 40;

/** At most `count` of the values, evenly, the first and last among them. */
function spread<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values];
  return Array.from(
    { length: count },
    (_, at) => values[Math.round((at * (values.length - 1)) / (count - 1))]!,
  );
}

/** With this few questions open the next ones are chosen, so that the person never reaches the end. */
const lowQueue = 3;

/** The tab that led before this one has just stored a round of that number. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && error.name === "ConstraintError";
}
