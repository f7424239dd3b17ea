// The duplicates screen's facts: pairs of items that are nearly alike, the groups they make at the threshold in
// force, and what can be done with them. Each action is one step, which one undo takes back.

import type { Answer, AnswerEvent, Slice } from "../core/event";
import type { ClassId, Row } from "../core/ids";
import { countPairs, groupPairs, type NearPairs } from "../core/near-duplicates";
import { giveAnswers, type GivenAnswer } from "./given-answers";
import { sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type DuplicatesPhase =
  | { readonly at: "idle" }
  | { readonly at: "looking" }
  | { readonly at: "found"; readonly pairs: NearPairs; readonly rows: number }
  | { readonly at: "failed"; readonly message: string };

export interface Pair {
  readonly left: Row;
  readonly right: Row;
  readonly similarity: number;
}

/** Pairs less alike than this are never shown: below it built-in encoders only say "the same kind of thing". */
export const lowestThreshold = 0.8;
const firstThreshold = 0.97;

export class Duplicates {
  phase = $state.raw<DuplicatesPhase>({ at: "idle" });
  threshold = $state(firstThreshold);
  /** An action under way; the buttons wait for it. */
  busy = $state.raw(false);
  problem = $state.raw<string | null>(null);

  pairs = $derived(this.phase.at === "found" ? this.phase.pairs : null);
  /** Pairs at least as alike as the threshold. */
  count = $derived(this.pairs ? countPairs(this.pairs, this.threshold) : 0);
  groups: readonly (readonly Row[])[] = $derived(this.pairs ? groupPairs(this.pairs, this.count) : []);
  /** Items of groups but for one each. */
  surplus = $derived(this.groups.reduce((sum, group) => sum + group.length - 1, 0));
  /** Groups with labels on both sides: the yardstick holds what the model was taught. */
  leaks = $derived.by(() => {
    void this.#session.logVersion;
    return this.groups.filter((group) => {
      const standings = new Set(group.map((row) => this.#standing(row)));
      return standings.has("hold-out") && standings.has("train");
    });
  });
  /** Groups whose labelled items are not all said to be the same. */
  conflicts = $derived.by(() => {
    void this.#session.logVersion;
    return this.groups.filter((group) => this.#answersOf(group).size > 1);
  });

  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async look(): Promise<void> {
    this.phase = { at: "looking" };
    this.problem = null;
    try {
      const pairs = await this.#session.learning.consulting.nearPairs(lowestThreshold);
      this.phase = { at: "found", pairs, rows: this.#session.embedding.rows };
    } catch (error) {
      this.phase = { at: "failed", message: sentenceOf(error) };
    }
  }

  /** The pairs on either side of the threshold, `each` of them, most alike first: what moving it would change. */
  nearThreshold(each: number): { readonly above: readonly Pair[]; readonly below: readonly Pair[] } {
    const { pairs, count } = this;
    if (!pairs) return { above: [], below: [] };
    const take = (from: number, to: number): Pair[] =>
      Array.from({ length: Math.max(0, to - from) }, (_, place) => ({
        left: pairs.left[from + place]!,
        right: pairs.right[from + place]!,
        similarity: pairs.similarities[from + place]!,
      }));
    return {
      above: take(Math.max(0, count - each), count),
      below: take(count, Math.min(pairs.left.length, count + each)),
    };
  }

  /** Takes all but one of each group out of the questions: the labelled one stays, else the first. */
  holdBack(): Promise<number> {
    return this.#give(
      this.groups.flatMap((group) => {
        const kept = group.find((row) => this.#session.isSettled(row)) ?? group[0]!;
        return this.#waiting(group)
          .filter((row) => row !== kept)
          .map((row) => ({ row, answer: { type: "skip" }, slice: "train", origin: "model" }) as const);
      }),
    );
  }

  /** Gives each group's label to those of it that have none; groups with two labels are left alone. */
  labelTogether(): Promise<number> {
    return this.#give(
      this.groups.flatMap((group) => {
        const [answer, ...others] = this.#answersOf(group).values();
        if (!answer || others.length > 0) return [];
        const slice = this.#sliceOf(group);
        return this.#waiting(group).map((row) => ({ row, answer, slice, origin: "model" }) as const);
      }),
    );
  }

  /** Labels a whole group the person has looked at. */
  labelGroup(group: readonly Row[], classId: ClassId): Promise<number> {
    const answer: Answer = { type: "classes", classIds: [classId] };
    const slice = this.#sliceOf(group);
    return this.#give(group.map((row) => ({ row, answer, slice, origin: "person" })));
  }

  /** Takes the duplicates of hold-out items out of training: they join the hold-out with the label they have. */
  moveLeaks(): Promise<number> {
    return this.#give(
      this.leaks.flatMap((group) =>
        group
          .filter((row) => this.#standing(row) === "train")
          .map((row): GivenAnswer => {
            const { answer, origin } = this.#current(row)!;
            return { row, answer, slice: "hold-out", origin };
          }),
      ),
    );
  }

  async #give(answers: readonly GivenAnswer[]): Promise<number> {
    if (this.busy || !this.#session.leads) return 0;
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
  }

  #waiting(group: readonly Row[]): Row[] {
    return group.filter((row) => !this.#session.isSettled(row));
  }

  #standing(row: Row) {
    const { view, items } = this.#session;
    return view.standing(items.idOf(row));
  }

  #current(row: Row): AnswerEvent | null {
    return this.#session.labels.current(this.#session.items.idOf(row));
  }

  /** Labels in the group by their classes. */
  #answersOf(group: readonly Row[]): Map<string, Answer> {
    const { view, items } = this.#session;
    return new Map(
      group.flatMap((row) => {
        const classIds = view.classesOf(items.idOf(row));
        return classIds ? [[[...classIds].sort().join(), { type: "classes", classIds }] as const] : [];
      }),
    );
  }

  /** With one of it in the hold-out, none of the group may be trained on. */
  #sliceOf(group: readonly Row[]): Slice {
    return group.some((row) => this.#standing(row) === "hold-out") ? "hold-out" : "train";
  }
}
