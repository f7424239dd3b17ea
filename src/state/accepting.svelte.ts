// Accepting what the model says of the project's open items above a confidence: first somebody checks a sample
// blind, then the labels are written as the machine's, in one step, with a bound on how many are wrong.

import type { PoolPrediction } from "../../workers/api";
import { upperErrorBound } from "../core/evaluation/error-bound";
import type { ClassId, Row } from "../core/ids";
import { createRandom } from "../core/random";
import { giveAnswers, type GivenAnswer } from "./given-answers";
import { InTurn } from "./in-turn";
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
interface Sample {
  readonly threshold: number;
  readonly rows: readonly Row[];
}

/** What people have said of the sample by now. An answer that is undone is not one. */
export interface Audit extends Sample {
  readonly checked: number;
  readonly wrong: number;
}

export class Accepting {
  asked = $state.raw<Asked | null>(null);
  threshold = $state(0.95);
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
  audit: Audit | null = $derived.by(() => {
    void this.#session.logVersion;
    const sample = this.#sample;
    if (!sample) return null;
    const rows = sample.rows.filter((row) => this.#isChecked(row));
    return { ...sample, checked: rows.length, wrong: rows.filter((row) => this.#isWrong(row)).length };
  });
  /** The audit in force: made at this threshold. */
  current = $derived(this.audit?.threshold === this.threshold ? this.audit : null);
  /** The item to check next; null where there is none, or all have been. */
  next = $derived(this.current?.rows.find((row) => !this.#isChecked(row)) ?? null);
  /** Once the sample is checked: at most this share is wrong, with 95% confidence. */
  bound = $derived(
    this.current && this.next === null ? upperErrorBound(this.current.wrong, this.current.checked) : null,
  );

  readonly #session: Session;
  readonly #giving = new InTurn();
  #sample = $state.raw<Sample | null>(null);

  constructor(session: Session) {
    this.#session = session;
  }

  /** Asks the model of a round about every item. */
  async ask(round: number): Promise<void> {
    this.busy = true;
    this.problem = null;
    this.#sample = null;
    try {
      const { learning } = this.#session;
      const summary = learning.rounds.find(({ number }) => number === round);
      if (!summary) throw new Error(`There is no round ${round}.`);
      this.asked = {
        round,
        classIds: summary.classIds,
        prediction: await learning.consulting.predict(round),
      };
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
    this.#sample = { threshold, rows: drawn };
  }

  /** The person's own word on the item in view: a label like any other, and one more checked. */
  async check(classId: ClassId): Promise<void> {
    const { next: row } = this;
    if (row === null || !this.asked) return;
    const answer: GivenAnswer = {
      row,
      answer: { type: "classes", classIds: [classId] },
      // Drawn among what the model is sure of: no fair draw of all items, so no yardstick.
      slice: "train",
      origin: "person",
      shown: this.#shown(row, "audit"),
    };
    // The next item is in view before what follows an answer is done, so its key may come early; a key that comes
    // twice is one answer.
    await this.#give(() => (this.#isChecked(row) ? [] : [answer]));
  }

  /** Labels what is left above the threshold as the model says. @returns how many. */
  async accept(): Promise<number> {
    return this.#give(() => this.#accepted());
  }

  #accepted(): GivenAnswer[] {
    const { asked, rows, bound } = this;
    if (!asked || bound === null) return [];
    const active = new Set(this.#session.view.classIds);
    return Array.from(rows).flatMap((row): GivenAnswer[] => {
      const classId = asked.classIds[asked.prediction.guesses[row]!]!;
      if (!active.has(classId)) return [];
      const answer = { type: "classes", classIds: [classId] } as const;
      return [{ row, answer, slice: "train", origin: "model", shown: this.#shown(row, "accept") }];
    });
  }

  /** Whether a person has said what it is. */
  #isChecked(row: Row): boolean {
    const { view, items } = this.#session;
    const standing = view.standing(items.idOf(row));
    return standing === "train" || standing === "hold-out";
  }

  #isWrong(row: Row): boolean {
    const { view, items } = this.#session;
    const { classIds, prediction } = this.asked!;
    return view.classesOf(items.idOf(row))?.[0] !== classIds[prediction.guesses[row]!];
  }

  #shown(row: Row, strategyId: string): NonNullable<GivenAnswer["shown"]> {
    const { round, classIds, prediction } = this.asked!;
    const guess = classIds[prediction.guesses[row]!]!;
    return { round, strategyId, source: "revisit", guess, confidence: prediction.confidences[row]! };
  }

  /** Stores what there is to give once those before are stored. @returns how many; 0 where another tab leads. */
  #give(wanted: () => readonly GivenAnswer[]): Promise<number> {
    return this.#giving.run(async () => {
      const answers = this.#session.leads ? wanted() : [];
      if (answers.length === 0) return 0;
      this.busy = true;
      this.problem = null;
      try {
        await giveAnswers(this.#session, answers);
        return answers.length;
      } catch (error) {
        this.problem = sentenceOf(error);
        return 0;
      } finally {
        this.busy = false;
      }
    });
  }
}
