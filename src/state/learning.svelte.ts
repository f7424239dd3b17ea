// Runs rounds in the learner worker whenever there is something new to learn, and keeps what they found.
// Nobody waits for it: while a round runs, the person goes on with the questions there are.

import type { ComputeReport, Measurement } from "../../workers/api";
import type { ClassId } from "../core/ids";
import type { Pace } from "../core/pace";
import type { Question, Round, RoundInput } from "../core/round";
import { openLearner, type Learner } from "../engine/learner";
import { WorkerDied } from "../engine/worker-handle";
import { loadQuestions, loadRounds, saveRound } from "../storage/round-store";
import type { RoundSummary } from "../storage/schema";
import { painted, pause } from "./after-paint";
import { askedBefore, type Asked } from "./asked";
import { Consulting } from "./consulting";
import { isStopped, sentenceOf } from "./problem";
import { roundInput } from "./round-input";
import type { Session } from "./session.svelte";
import { TurnPlan, type TurnKind } from "./turn-plan";

export type LearningPhase =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly number: number }
  | { readonly at: "failed"; readonly message: string };

/** What will be asked next, and what it was chosen by. */
export interface Queue {
  /** In order, answered ones included. */
  readonly questions: readonly Question[];
  /** What the questions' guesses and probabilities count in. */
  readonly classIds: readonly ClassId[];
  readonly strategyId: string;
  /** The newest round when it was chosen; 0 before the first. */
  readonly round: number;
  /** Whether a look between two rounds chose it, of which nothing else is kept. */
  readonly between: boolean;
}

const emptyQueue: Queue = { questions: [], classIds: [], strategyId: "", round: 0, between: false };

export class Learning {
  phase = $state.raw<LearningPhase>({ at: "idle" });
  /** All rounds so far, oldest first. */
  rounds = $state.raw<readonly RoundSummary[]>([]);
  report = $state.raw<ComputeReport | null>(null);
  queue = $state.raw(emptyQueue);
  /** How often the queue is made anew here, and what that takes; null before a turn was measured. */
  pace = $state.raw<(Pace & { readonly ms: number }) | null>(null);

  latest = $derived(this.rounds.at(-1) ?? null);

  /** Everything else the learner can be asked. */
  readonly consulting: Consulting;

  readonly #session: Session;
  #learner: Learner;
  readonly #plan = new TurnPlan();
  #wanted: TurnKind | null = null;
  #running = false;
  #stop = new AbortController();
  /** Of a look between two rounds or of second thoughts, whichever is under way. */
  #look: { readonly at: "refresh" | "deepen"; readonly stop: AbortController } | null = null;
  /** Questions of such looks that were answered since the newest round, as they were asked. */
  #asked: readonly Asked[] = [];

  constructor(session: Session) {
    this.#session = session;
    this.#learner = this.#openLearner();
    this.consulting = new Consulting(session, () => this.#connect());
  }

  /** Reads the stored rounds; the newest one's open questions are the queue again. */
  async restore(): Promise<void> {
    const { database, project } = this.#session;
    this.rounds = await loadRounds(database, project.id);
    const newest = this.rounds.at(-1);
    if (!newest) return;
    const { number, classIds, strategyId } = newest;
    const questions = await loadQuestions(database, project.id, number);
    this.queue = { questions, classIds, strategyId, round: number, between: false };
  }

  /** Asks for whatever turn an answer makes due. @param open questions left in the queue. */
  noteAnswer(asked: Asked, open: number): void {
    if (asked.chosen) this.#asked = [...this.#asked, asked];
    const due = this.#plan.answered(open, this.#session.project.settings.refitEvery);
    if (!due) return;
    this.#wanted = this.#wanted === "round" ? "round" : due;
    if (this.#look?.at === "refresh" && this.#plan.mayDrop(open)) {
      this.#plan.dropped();
      this.#look.stop.abort();
    }
    this.#begin();
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
    this.#wanted = "round";
    // It would be about labels, classes or settings that have changed.
    this.#look?.stop.abort();
    this.#begin();
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
    this.#look?.stop.abort();
    this.#learner.close();
  }

  /** The learner with the embeddings as they are; null before there are any. */
  async #connect(): Promise<Learner | null> {
    const { project, embedding } = this.#session;
    const { encoderKey, rows } = embedding;
    if (encoderKey === null) return null;
    // Somebody waits for this; second thoughts come again with the next turn.
    if (this.#look?.at === "deepen") this.#look.stop.abort();
    this.report = await this.#learner.load(project.id, encoderKey, rows, project.settings.seed);
    return this.#learner;
  }

  #openLearner(): Learner {
    return openLearner(this.#session.shell.preferences.tier, {
      died: () => (this.report = null),
      changed: (report) => (this.report = report),
    });
  }

  #begin(): void {
    if (this.#look?.at === "deepen") this.#look.stop.abort();
    if (!this.#running && !this.#stop.signal.aborted) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    do {
      await this.#takeTurns();
      await this.#deepen();
    } while (this.#canTurn() && !this.#stop.signal.aborted);
    this.#running = false;
  }

  #canTurn(): boolean {
    return this.#wanted !== null && this.#session.leads === true && this.#session.embedding.rows > 0;
  }

  async #takeTurns(): Promise<void> {
    let failures = 0;
    while (this.#canTurn()) {
      this.phase = { at: "running", number: this.#nextNumber };
      await painted();
      await this.#plan.rest(() => this.#wanted === "refresh" && !this.#stop.signal.aborted);
      if (!this.#canTurn() || this.#stop.signal.aborted) break;
      const kind = this.#wanted!;
      this.#wanted = null;
      try {
        await this.#turn(kind, this.#nextInput());
        failures = 0;
        this.phase = { at: "idle" };
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        // A newer answer has taken the place of this look.
        if (isStopped(error)) this.phase = { at: "idle" };
        // On a fresh worker, where it dies again on a slower tier; many deaths in a row are shown.
        else if (error instanceof WorkerDied && failures++ < mostFailures) this.#wanted = "round";
        else if (isTaken(error) && failures++ < mostFailures) {
          await this.restore();
          this.#wanted = "round";
        } else this.phase = { at: "failed", message: sentenceOf(error) };
      }
    }
    if (this.phase.at === "running") this.phase = { at: "idle" };
  }

  async #turn(kind: TurnKind, input: RoundInput): Promise<void> {
    const { project, embedding } = this.#session;
    const { encoderKey, rows } = embedding;
    if (encoderKey === null) return;
    this.#plan.began(kind);
    this.report = await this.#learner.load(project.id, encoderKey, rows, project.settings.seed);
    if (kind === "round") await this.#round(input, encoderKey, rows);
    else await this.#refresh(input);
    this.pace = this.#plan.measured(project.settings.refitEvery);
    await this.#session.labelling.refresh();
  }

  async #round(input: RoundInput, encoderKey: string, poolRows: number): Promise<void> {
    const { project, database, shell } = this.#session;
    const round: Round = await this.#learner.round(input, this.#stop.signal);
    this.#plan.took("full", round.cost);
    // Another tab has taken over meanwhile; rounds are its work now.
    if (!this.#session.leads) return;
    const asked = this.#asked;
    const about = { projectId: project.id, encoderKey, poolRows, at: Date.now() };
    const summary = await saveRound(database, about, round, askedBefore(asked, round.classIds));
    this.#asked = this.#asked.slice(asked.length);
    this.rounds = [...this.rounds, summary];
    this.queue = { ...round, round: round.number, between: false };
    shell.tell({ type: "rounds", projectId: project.id });
  }

  async #refresh(input: RoundInput): Promise<void> {
    const { fit } = this.#plan.pace(this.#session.project.settings.refitEvery);
    const found = await this.#looking("refresh", (signal) =>
      this.#learner.refresh({ ...input, between: true }, fit, signal),
    );
    this.#plan.took(fit, found.cost);
    this.queue = { ...found, round: input.number - 1, between: true };
  }

  /** Second thoughts about what was not shown yet, until the next answer. */
  async #deepen(): Promise<void> {
    const { queue } = this;
    if (this.#wanted || this.phase.at !== "idle" || !this.#session.leads || this.#stop.signal.aborted) return;
    try {
      const questions = await this.#looking("deepen", async (signal) => {
        await pause(idleMs, signal);
        return this.#learner.deepen(signal);
      });
      if (!questions || this.queue !== queue) return;
      this.queue = { ...queue, questions, between: true };
      await this.#session.labelling.refresh();
    } catch (error) {
      if (isStopped(error) || this.#stop.signal.aborted) return;
      // The next turn starts a fresh worker.
      if (!(error instanceof WorkerDied)) this.phase = { at: "failed", message: sentenceOf(error) };
    }
  }

  async #looking<T>(at: "refresh" | "deepen", look: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    this.#look = { at, stop };
    try {
      return await look(stop.signal);
    } finally {
      this.#look = null;
    }
  }

  /** What a round would be given now. */
  input(): RoundInput {
    return roundInput(this.#session, this.#nextNumber);
  }

  /** The queue is what comes after the item in view, and never so short that fast fingers reach its end. */
  #nextInput(): RoundInput {
    const input = roundInput(this.#session, this.#nextNumber, this.#session.labelling.asked?.item.row);
    const batchSize = Math.max(leastAhead, input.settings.batchSize);
    return { ...input, settings: { ...input.settings, batchSize } };
  }

  get #nextNumber(): number {
    return (this.rounds.at(-1)?.number ?? 0) + 1;
  }
}

/** Second thoughts are for whoever thinks too: a fast answer should find the machine free. */
const idleMs = 400;

/** Questions kept ready, also where fewer are chosen at a time. */
const leastAhead = 4;

/** The same tier twice, the next one twice: after that it is not the tier. */
const mostFailures = 4;

/** The tab that led before this one has just stored a round of that number. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && error.name === "ConstraintError";
}
