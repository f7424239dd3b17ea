// Labels that come with what is in the project already: a table given again with its labels filled in. They go in
// where nothing was said yet; where something else was said, that stays and the import says so.

import { sameAnswer, type AnswerEvent } from "../core/event";
import type { Duplicate } from "../storage/item-store";
import type { ImportProblem } from "../storage/schema";
import { answerName } from "./asked";
import type { Session } from "./session.svelte";

export interface Taken {
  /** Items that got a label. */
  readonly labels: number;
  readonly problems: readonly ImportProblem[];
}

export class KnownLabels {
  readonly #session: Session;
  /** Of items that this import brought itself, whose own label is not read yet. */
  #later: Duplicate[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes the labels of one stored batch. @throws StorageFull, ProjectDeleted */
  take(duplicates: readonly Duplicate[]): Promise<Taken> {
    const { items } = this.#session;
    const now: Duplicate[] = [];
    for (const one of duplicates) {
      const itemId = one.answers?.[0]?.itemId;
      if (itemId !== undefined) (items.rowOf(itemId) === undefined ? this.#later : now).push(one);
    }
    return this.#store(now);
  }

  /** Takes the rest, once the import has ended. @throws StorageFull, ProjectDeleted */
  async finish(): Promise<Taken> {
    if (this.#later.length === 0) return { labels: 0, problems: [] };
    await this.#session.follow();
    const rest = this.#later;
    this.#later = [];
    return this.#store(rest);
  }

  async #store(duplicates: readonly Duplicate[]): Promise<Taken> {
    const { labels } = this.#session;
    const problems: ImportProblem[] = [];
    const fresh = new Map<string, readonly AnswerEvent[]>();
    for (const { path, of, answers = [] } of duplicates) {
      const given = answers.at(-1)!;
      const there = labels.current(given.itemId) ?? fresh.get(given.itemId)?.at(-1);
      if (!there) fresh.set(given.itemId, answers);
      else if (!sameAnswer(there.answer, given.answer))
        problems.push({ place: path, message: this.#contradiction(path, of, there, given), note: true });
    }
    await this.#session.appendMany([...fresh.values()].flat());
    return { labels: fresh.size, problems };
  }

  #contradiction(path: string, of: string, there: AnswerEvent, given: AnswerEvent): string {
    const [stays, said] = [there, given].map(({ answer }) => answerName(answer, this.#session));
    const what = path === of ? path : `${path}, the same as ${of},`;
    return `${what} is labelled “${stays}” in the project and “${said}” in the file; “${stays}” stays.`;
  }
}
