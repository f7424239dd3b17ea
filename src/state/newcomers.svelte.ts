// Whether the items of the last import are of another kind than those before. Worked out once for each import and
// each set of embeddings, for whoever looks.

import type { Surroundings } from "../core/monitoring/surroundings";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export class Newcomers {
  /** Of the import named in `wanted`; null where it is not known, or there are too few items to tell. */
  drift = $state.raw<Surroundings["drift"]>(null);
  problem = $state.raw<string | null>(null);

  readonly #session: Session;
  #found = "";

  /** What the answer depends on; null while items are still coming in, or where there was one import only. */
  wanted = $derived.by(() => {
    const { importing, embedding, itemCount } = this.#session;
    const imports = importing.records.filter(({ added }) => added > 0);
    const settled = importing.phase.at === "idle" && embedding.phase.at === "idle";
    if (!settled || imports.length < 2 || embedding.rows < itemCount) return null;
    return `${embedding.encoderKey} ${embedding.rows} ${imports[0]!.id}`;
  });

  constructor(session: Session) {
    this.#session = session;
  }

  /** Brings `drift` up to date with `wanted`. */
  async update(): Promise<void> {
    const { wanted } = this;
    if (wanted === this.#found) return;
    this.#found = wanted ?? "";
    this.drift = null;
    this.problem = null;
    if (wanted === null) return;
    try {
      const drift = await this.#session.learning.consulting.drift();
      if (wanted === this.#found) this.drift = drift;
    } catch (error) {
      if (wanted !== this.#found) return;
      // The next look tries again.
      this.#found = "";
      if (!isStopped(error)) this.problem = sentenceOf(error);
    }
  }
}
