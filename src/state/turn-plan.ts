// Says when the next turn is due and of what kind: a round that is kept, or a look in between for the queue alone.
// Learns from what turns cost here.

import { keptEvery, paceOf, type Pace, type TurnCost } from "../core/pace";
import type { Round } from "../core/round";
import { pause } from "./after-paint";

export type TurnKind = "round" | "refresh";

/** With this few questions open the next ones are chosen, so that the person never reaches the end. */
const lowQueue = 3;
/** Looks dropped in a row for a newer answer; after that one may finish, so that fast fingers get fresh questions too. */
const mostDropped = 2;
/** Shorter than people take for an answer, longer than they hold a key. */
const restMs = 80;

export class TurnPlan {
  #cost: TurnCost = { fullMs: null, updateMs: null };
  #sinceTurn = 0;
  #sinceKept = 0;
  #dropped = 0;
  #answers = 0;
  #open = 0;

  /** @param wanted answers between two turns as the person set it. */
  pace(wanted: number | null): Pace {
    return paceOf(this.#cost, wanted);
  }

  /** The pace and what one of its turns takes; null before there was one. */
  measured(wanted: number | null): (Pace & { readonly ms: number }) | null {
    const pace = this.pace(wanted);
    const ms = pace.fit === "full" ? this.#cost.fullMs : this.#cost.updateMs;
    return ms === null ? null : { ...pace, ms };
  }

  /** Counts an answer. @returns what is due now; null where nothing is. @param open questions left in the queue. */
  answered(open: number, wanted: number | null): TurnKind | null {
    this.#answers += 1;
    this.#open = open;
    this.#sinceTurn += 1;
    this.#sinceKept += 1;
    if (this.#sinceTurn < this.pace(wanted).every && open > lowQueue) return null;
    return this.#sinceKept >= keptEvery ? "round" : "refresh";
  }

  /** Whether a look under way should give way to a newer answer. */
  mayDrop(open: number): boolean {
    return open > lowQueue && this.#dropped < mostDropped;
  }

  dropped(): void {
    this.#dropped += 1;
  }

  /** Ends when the fingers rest, since a look takes a core from them. @param isLook whether it is still one. */
  async rest(isLook: () => boolean): Promise<void> {
    while (isLook()) {
      const before = this.#answers;
      await pause(restMs);
      if (this.#answers === before || !this.mayDrop(this.#open)) return;
      this.dropped();
    }
  }

  /** A turn was begun with the labels there are. */
  began(kind: TurnKind): void {
    this.#sinceTurn = 0;
    if (kind === "round") this.#sinceKept = 0;
  }

  /** @param asked how it was asked to fit, which says what such a turn costs, however it then went. */
  took(asked: Pace["fit"], { fitMs, scoreMs, selectMs }: Round["cost"]): void {
    this.#dropped = 0;
    const totalMs = fitMs + scoreMs + selectMs;
    // Before an update was ever tried, all but the fit is what it would cost.
    if (asked === "full")
      this.#cost = { fullMs: totalMs, updateMs: this.#cost.updateMs ?? scoreMs + selectMs };
    else this.#cost = { ...this.#cost, updateMs: totalMs };
  }
}
