// How good the model is and whether to go on, for whoever looks: measured again when a round or a label has come,
// one step after the other, so that rounds find room in between. What follows from counts follows at once.

import { advise } from "../core/advice/advise";
import type { StopHistory } from "../core/advice/stopping-rule";
import type { AskedRow, Assessment } from "../core/evaluation/assess";
import type { Forecast } from "../core/evaluation/forecast";
import {
  baselineCurve,
  labelsSaved,
  planBaseline,
  type BaselinePoint,
  type BaselineResult,
  type LabelsSaved,
} from "../core/evaluation/random-baseline";
import type { Remeasured } from "../core/evaluation/remeasure";
import type { AnswerEvent } from "../core/event";
import type { ClassId } from "../core/ids";
import { answering } from "../core/monitoring/answering";
import type { Surroundings } from "../core/monitoring/surroundings";
import { noPlan, type Plan } from "../core/plan";
import { createRandom } from "../core/random";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

/** Answers that fatigue is judged by. */
const newestAnswers = 400;

/** A model on the hold-out. */
export interface Measured extends Pick<Remeasured, "evaluation" | "trainCount"> {
  /** What the evaluation counts in. */
  readonly classIds: readonly ClassId[];
}

export class Assessing {
  /** Earlier heads on the hold-out of today, by labels. */
  curve = $state.raw<readonly Remeasured[]>([]);
  forecast = $state.raw<Forecast | null>(null);
  assessment = $state.raw<Assessment | null>(null);
  baseline = $state.raw<readonly BaselinePoint[]>([]);
  saved = $state.raw<LabelsSaved | null>(null);
  surroundings = $state.raw<Surroundings | null>(null);
  busy = $state.raw(false);
  problem = $state.raw<string | null>(null);

  /**
   * The newest model that was measured: on the hold-out there is now as soon as that is done, until then on the one
   * its round had. null before there is any.
   */
  newest: Measured | null = $derived.by(() => {
    const round = this.#session.learning.rounds.findLast(({ evaluation }) => evaluation !== null) ?? null;
    const head = this.curve.at(-1);
    if (head && head.evaluation.count > 0 && head.number >= (round?.number ?? 0))
      return { ...head, classIds: this.#curveClasses };
    const evaluation = round?.evaluation ?? null;
    return round && evaluation && { ...round, evaluation };
  });

  readonly #session: Session;
  /** What the curve's evaluations count in. */
  #curveClasses: readonly ClassId[] = [];
  #again = false;
  #running = false;
  /** Nobody looks any more: the worker belongs to the rounds. */
  #left = false;
  #results: readonly BaselineResult[] = [];
  #resultsOf = "";

  plan: Plan = $derived.by(() => this.#session.project.plan ?? noPlan);

  /** Labels there are now, those of the hold-out included. */
  labels: number = $derived.by(() => {
    void this.#session.logVersion;
    const { view } = this.#session;
    return view.train.size + view.holdOut.size;
  });

  /** People's answers in force, oldest first. */
  answers: readonly AnswerEvent[] = $derived.by(() => {
    void this.#session.logVersion;
    const found: AnswerEvent[] = [];
    for (const { current } of this.#session.labels.items.values()) if (current) found.push(current);
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  });

  answering = $derived.by(() => answering(this.answers));

  /** Of the labels as they are and the newest round there is: it waits for nothing. */
  advice = $derived.by(() => advise(this.#history(), this.plan));

  constructor(session: Session) {
    this.#session = session;
  }

  /** Measures what has changed; once more where something changes meanwhile. */
  async update(): Promise<void> {
    this.#again = true;
    this.#left = false;
    if (this.#running) return;
    this.#running = true;
    this.busy = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#measure();
      }
      this.problem = null;
    } catch (error) {
      if (!isStopped(error)) this.problem = sentenceOf(error);
    } finally {
      this.#running = false;
      this.busy = false;
    }
  }

  /** The screen was left: what is under way ends with its present step, and is taken up at the next `update`. */
  leave(): void {
    this.#left = true;
    this.#again = false;
  }

  async #measure(): Promise<void> {
    const { learning, project } = this.#session;
    const found = await learning.consulting.measureCurve();
    if (!found) return;
    this.#curveClasses = found.classIds;
    this.curve = found.curve;
    this.forecast = found.forecast;
    const newest = found.curve.at(-1);
    if (!newest || this.#again || this.#left) return;
    this.assessment = await learning.consulting.assess(newest.number, this.#asked());
    if (this.#again || this.#left) return;
    this.surroundings = await learning.consulting.lookAround();
    if (this.#again || this.#left) return;
    await this.#compareWithRandom(newest, createRandom(project.settings.seed).fork("random baseline"));
  }

  /** The fits are kept while the hold-out and the head stay what they are. */
  async #compareWithRandom(newest: Remeasured, random: ReturnType<typeof createRandom>): Promise<void> {
    const { learning, project } = this.#session;
    const input = learning.input();
    const wanted = JSON.stringify([input.holdOut, input.classIds, project.settings.headId]);
    if (wanted !== this.#resultsOf) {
      const results: BaselineResult[] = [];
      for (const fit of planBaseline(input.holdOut, random.fork("plan"))) {
        if (this.#again || this.#left) return;
        results.push(await learning.consulting.fitBaseline(fit, input));
      }
      this.#results = results;
      this.#resultsOf = wanted;
    }
    const items = input.holdOut.length;
    this.baseline = baselineCurve(this.#results, items, random.fork("curve"));
    this.saved =
      newest.right.length === items
        ? labelsSaved(this.#results, newest.right, newest.trainCount, random.fork("saved"))
        : null;
  }

  #history(): Omit<StopHistory, "plan"> {
    const { learning, annotator } = this.#session;
    const asked = this.answers.filter(
      (answer) => answer.annotator === annotator && answer.shown !== null && answer.origin === "person",
    );
    return {
      labels: this.labels,
      rounds: learning.rounds.map(({ trainCount, poolUncertainty, agreement }) => ({
        trainCount,
        uncertainty: poolUncertainty,
        agreement: agreement ?? null,
      })),
      heads: this.curve,
      accuracy: this.newest?.evaluation.accuracy ?? null,
      answers: asked.slice(-newestAnswers),
    };
  }

  #asked(): AskedRow[] {
    const { items } = this.#session;
    return this.answers.flatMap(({ itemId, shown, origin, slice, answer }): AskedRow[] => {
      const row = items.rowOf(itemId);
      const isKnown = origin === "person" && shown !== null;
      if (
        !isKnown ||
        shown.source === "revisit" ||
        shown.source === "review" ||
        row === undefined ||
        answer.type !== "classes"
      )
        return [];
      if (shown.source !== "random") return [{ row, drawn: "chosen" }];
      return [{ row, drawn: slice === "hold-out" ? "slice" : "at random" }];
    });
  }
}
