// Accepting what the model says of the project's open items above a confidence: first somebody checks a sample
// blind, then the labels are written as the machine's, in one step, with a bound on how many are wrong.

import type { PoolPrediction } from "../../workers/api";
import { upperErrorBound } from "../core/evaluation/error-bound";
import type { ClassId, Row } from "../core/ids";
import { createRandom } from "../core/random";
import { giveAnswers, type GivenAnswer } from "./given-answers";
import { sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

/** With none of them wrong the bound is 7.2%. */
export const auditSize = 40;

interface Asked {
  readonly round: number;
  readonly classIds: readonly ClassId[];
  readonly prediction: PoolPrediction;
}

/** The sample of one threshold; another threshold needs another sample. */
export interface Audit {
  readonly threshold: number;
  readonly rows: readonly Row[];
  readonly checked: number;
  readonly wrong: number;
}

export class Accepting {
  asked = $state.raw<Asked | null>(null);
  threshold = $state(0.95);
  audit = $state.raw<Audit | null>(null);
  busy = $state.raw(false);
  problem = $state.raw<string | null>(null);

  /** Open items the model is at least this sure of. */
  rows = $derived.by(() => {
    void this.#session.logVersion;
    const { asked, threshold } = this;
    if (!asked) return new Uint32Array(0);
    const { confidences } = asked.prediction;
    return this.#session.waitingRows(confidences.length).filter((row) => confidences[row]! >= threshold);
  });
  /** The audit in force: made at this threshold. */
  current = $derived(this.audit?.threshold === this.threshold ? this.audit : null);
  /** The item to check next; null where there is none, or all have been. */
  next = $derived(this.current ? (this.current.rows[this.current.checked] ?? null) : null);
  /** Once the sample is checked: at most this share is wrong, with 95% confidence. */
  bound = $derived(
    this.current && this.next === null ? upperErrorBound(this.current.wrong, this.current.checked) : null,
  );

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Asks the model of a round about every item. */
  async ask(round: number): Promise<void> {
    this.busy = true;
    this.problem = null;
    this.audit = null;
    try {
      const { learning } = this.#session;
      const summary = learning.rounds.find(({ number }) => number === round);
      if (!summary) throw new Error(`There is no round ${round}.`);
      this.asked = { round, classIds: summary.classIds, prediction: await learning.predict(round) };
    } catch (error) {
      this.problem = sentenceOf(error);
    } finally {
      this.busy = false;
    }
  }

  /** Draws the sample; the same threshold and items give the same one. */
  draw(): void {
    const { rows, threshold } = this;
    const random = createRandom(this.#session.project.settings.seed).fork(`audit ${this.asked?.round}`);
    const drawn = random.sample(rows.length, Math.min(auditSize, rows.length)).map((at) => rows[at]!);
    this.audit = { threshold, rows: drawn, checked: 0, wrong: 0 };
  }

  /** The person's own word on the item in view: a label like any other, and one more checked. */
  async check(classId: ClassId): Promise<void> {
    const { current: audit, next: row, asked } = this;
    if (!audit || row === null || !asked || this.busy) return;
    const guess = asked.classIds[asked.prediction.guesses[row]!]!;
    const answer: GivenAnswer = {
      row,
      answer: { type: "classes", classIds: [classId] },
      // Drawn among what the model is sure of: no fair draw of all items, so no yardstick.
      slice: "train",
      origin: "person",
      shown: this.#shown(row, "audit"),
    };
    await this.#give([answer], () => {
      const wrong = audit.wrong + (classId === guess ? 0 : 1);
      this.audit = { ...audit, checked: audit.checked + 1, wrong };
    });
  }

  /** Labels what is left above the threshold as the model says. @returns how many. */
  async accept(): Promise<number> {
    const { asked, rows, bound } = this;
    if (!asked || bound === null || this.busy) return 0;
    const active = new Set(this.#session.view.classIds);
    const answers = Array.from(rows).flatMap((row): GivenAnswer[] => {
      const classId = asked.classIds[asked.prediction.guesses[row]!]!;
      if (!active.has(classId)) return [];
      const answer = { type: "classes", classIds: [classId] } as const;
      return [{ row, answer, slice: "train", origin: "model", shown: this.#shown(row, "accept") }];
    });
    let given = 0;
    await this.#give(answers, () => (given = answers.length));
    return given;
  }

  #shown(row: Row, strategyId: string): NonNullable<GivenAnswer["shown"]> {
    const { round, classIds, prediction } = this.asked!;
    const guess = classIds[prediction.guesses[row]!]!;
    return { round, strategyId, source: "revisit", guess, confidence: prediction.confidences[row]! };
  }

  async #give(answers: readonly GivenAnswer[], done: () => void): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await giveAnswers(this.#session, answers);
      done();
    } catch (error) {
      this.problem = sentenceOf(error);
    } finally {
      this.busy = false;
    }
  }
}
