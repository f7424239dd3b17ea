// Decides what to go on with after the arithmetic failed: the same tier once more, made anew, and the next
// slower one when that fails too. Knows nothing of devices; the learner acts on it, and so does the page when
// the learner itself dies.

import type { Tier } from "./kernels/kernels";

const fastestFirst: readonly Tier[] = ["webgpu", "wasm", "cpu"];

/** A failure longer ago is forgiven: a laptop that sleeps loses its graphics card each time. */
const forgivenAfterMs = 10 * 60_000;

export class Recovery {
  readonly #failedAt = new Map<Tier, number>();
  #fastest: Tier = "webgpu";

  /** The fastest tier that may still be used. */
  get fastest(): Tier {
    return this.#fastest;
  }

  /** The tier to go on with after `tier` failed; null when none is left to try. */
  after(tier: Tier, nowMs: number): Tier | null {
    const before = this.#failedAt.get(tier);
    this.#failedAt.set(tier, nowMs);
    if (before === undefined || nowMs - before > forgivenAfterMs) return tier;
    const slower = fastestFirst[fastestFirst.indexOf(tier) + 1];
    if (!slower) return null;
    this.#fastest = slower;
    return slower;
  }
}

/** The tiers to try, best first: what the person prefers, but for those that are ruled out. */
export function tiersToTry(preferred: Tier | "auto", fastest: Tier = "webgpu"): readonly Tier[] {
  const wished = preferred === "auto" ? 0 : fastestFirst.indexOf(preferred);
  return fastestFirst.slice(Math.max(wished, fastestFirst.indexOf(fastest)));
}
