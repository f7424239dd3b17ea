// The label screen's facts: the question in view, what comes next, what was just answered, and the answers
// themselves. An answer counts as given only once its event is durable.

import type { Answer, AnswerEvent } from "../core/event";
import type { ClassId, EventId, ItemId, Row } from "../core/ids";
import type { Item } from "../core/item";
import type { ProjectSettings } from "../core/project";
import { createRandom } from "../core/random";
import type { Question } from "../core/round";
import { painted } from "./after-paint";
import { answerEvent, prepareAsked, type Asked, type Wanted } from "./asked";
import { sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

/** Painted and decoded ahead of the person. */
const readAhead = 4;
/** Answers kept in the strip. */
const keptRecent = 30;
/** A longer gap between two answers is a break, not thinking. */
const breakMs = 120_000;

export class Labelling {
  asked = $state.raw<Asked | null>(null);
  /** Rows that will probably come next. */
  upcoming = $state.raw<readonly Row[]>([]);
  /** Items answered last, newest first. */
  recent = $state.raw<readonly ItemId[]>([]);
  /** Classes ticked so far, where an item may have several. */
  ticked = $state.raw<ReadonlySet<ClassId>>(new Set());
  /** Why the last answer could not be stored; the item stays in view. */
  problem = $state.raw<string | null>(null);
  saving = $state.raw(false);

  readonly #session: Session;
  #paintedAt = 0;
  #loading = 0;
  #answerTimes: readonly number[] = [];
  /** What comes next, by row: a key must not wait for a read from the disk. */
  #ahead: ReadonlyMap<Row, Item> = new Map();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The view calls this when the item has been painted: answer time counts from here. */
  notePainted(): void {
    this.#paintedAt = performance.now();
  }

  /** Answers a minute over the last ten, breaks left out; null before there are three. */
  speed(): number | null {
    const gaps = this.#answerTimes.slice(1).map((time, at) => time - this.#answerTimes[at]!);
    const working = gaps.filter((gapMs) => gapMs < breakMs);
    if (working.length < 2) return null;
    const meanMs = working.reduce((sum, gapMs) => sum + gapMs, 0) / working.length;
    return Math.round(60_000 / meanMs);
  }

  tick(classId: ClassId): void {
    const ticked = new Set(this.ticked);
    if (!ticked.delete(classId)) ticked.add(classId);
    this.ticked = ticked;
  }

  /** Stores the answer to the item in view and shows the next. Does nothing while one is being stored. */
  async answer(answer: Answer): Promise<void> {
    const { asked } = this;
    const session = this.#session;
    if (!asked || this.saving || !session.leads) return;
    this.saving = true;
    try {
      // The next item is made ready while the disk takes the answer, and shown once it has it.
      const turn = ++this.#loading;
      const [next] = await Promise.all([
        this.#next(asked.item.row),
        session.append([answerEvent(session, asked, answer, performance.now() - this.#paintedAt)]),
      ]);
      this.problem = null;
      this.#answerTimes = [...this.#answerTimes, performance.now()].slice(-10);
      this.recent = [asked.item.itemId, ...this.recent.filter((id) => id !== asked.item.itemId)].slice(
        0,
        keptRecent,
      );
      if (turn === this.#loading) {
        if (next) this.#put(next);
        else this.asked = null;
      }
      // The next item first: filling the strip and reading ahead would hold its frame up.
      void painted().then(() => this.refresh());
      session.learning.noteAnswer(asked, this.open.length);
    } catch (error) {
      this.problem = sentenceOf(error);
    } finally {
      this.saving = false;
    }
  }

  /** Takes back the last step and shows its item again. Returns its answers, none where there is nothing to undo. */
  undo(): Promise<readonly AnswerEvent[]> {
    return this.#revoke("undo");
  }

  redo(): Promise<readonly AnswerEvent[]> {
    return this.#revoke("redo");
  }

  /** Shows an item that was answered before, to look at it or answer anew. */
  async revisit(itemId: ItemId, reason = "You came back to this one."): Promise<void> {
    const row = this.#session.items.rowOf(itemId);
    if (row !== undefined) await this.#show({ row, source: "revisit", reason });
  }

  /** Shows the next item somebody was unsure about, in turn. */
  async revisitUnsure(): Promise<void> {
    const waiting = [...this.#session.view.unsure];
    const shown = this.asked ? waiting.indexOf(this.asked.item.itemId) : -1;
    const next = waiting[(shown + 1) % waiting.length];
    if (next) await this.revisit(next, "You, or a colleague, were unsure about this one.");
  }

  /** Shows the next open question. */
  async advance(): Promise<void> {
    const turn = ++this.#loading;
    const next = await this.#next(null);
    if (turn !== this.#loading) return;
    if (next) this.#put(next);
    else this.asked = null;
    // Reading ahead must not hold up the next key.
    void this.refresh();
  }

  /** Reads the item in view again: its file may be there now. */
  async showAgain(): Promise<void> {
    const { asked } = this;
    if (!asked) return;
    const picture = await this.#session.pictures.full(asked.item);
    if (this.asked === asked) this.asked = { ...asked, picture };
  }

  async advanceIfIdle(): Promise<void> {
    const settled = this.asked && this.#session.view.settled.has(this.asked.item.itemId);
    const isAgain = this.asked?.source === "revisit" || this.asked?.source === "review";
    if (!this.asked || (settled && !isAgain)) await this.advance();
    else await this.refresh();
  }

  /** After a round: what comes next changes, what is in view does not. */
  async refresh(): Promise<void> {
    if (!this.asked) {
      const first = this.open[0];
      if (first) await this.#show(first);
    }
    const shown = this.asked?.item.row;
    this.upcoming = this.open.map(({ row }) => row).filter((row) => row !== shown);
    const ahead = new Map<Row, Item>();
    for (const row of this.upcoming.slice(0, readAhead)) {
      const item = this.#ahead.get(row) ?? (await this.#session.loadItem(row));
      if (!item) continue;
      ahead.set(row, item);
      void this.#session.pictures.full(item);
    }
    this.#ahead = ahead;
  }

  /** The next open question, ready to be shown; `leaving` is the row just answered. */
  async #next(leaving: Row | null): Promise<Asked | null> {
    const question = this.open.find(({ row }) => row !== leaving) ?? this.#drawAny(leaving);
    return question && prepareAsked(this.#session, question, this.#ahead);
  }

  /** Questions chosen and not answered yet. */
  get open(): readonly Question[] {
    const session = this.#session;
    return session.learning.queue.questions.filter(({ row, source }) =>
      source === "review" ? this.#isToReview(row) : !session.isSettled(row),
    );
  }

  /** A label that was sent back once is not sent back again, whatever was said of it. */
  #isToReview(row: Row): boolean {
    const { labels, items } = this.#session;
    const current = labels.current(items.idOf(row));
    return current !== null && current.shown?.source !== "review";
  }

  /** While there is no queue (embeddings still being made, a round under way) any open item is a fair question. */
  #drawAny(leaving: Row | null): Wanted | null {
    const session = this.#session;
    const { view, items, project } = session;
    const isOpen = (row: Row) => row !== leaving && !session.isSettled(row);
    const random = createRandom(project.settings.seed + view.settled.size);
    const drawn = drawnMeanwhile(view.settled.size, view.holdOut.size, project.settings);
    // Rejection is quick while most are open; the scan below ends it when few are.
    for (let attempt = 0; attempt < 32 && items.length > 0; attempt++) {
      const row = random.integer(items.length);
      if (isOpen(row)) return { row, ...drawn };
    }
    const row = session.waitingRows(items.length).find(isOpen);
    return row === undefined ? null : { row, ...drawn };
  }

  async #show(wanted: Wanted): Promise<void> {
    const turn = ++this.#loading;
    const asked = await prepareAsked(this.#session, wanted, this.#ahead);
    // Somebody asked for another item meanwhile.
    if (asked && turn === this.#loading) this.#put(asked);
  }

  #put(asked: Asked): void {
    const before = this.#session.labels.current(asked.item.itemId);
    this.ticked = new Set(before?.answer.type === "classes" ? before.answer.classIds : []);
    this.asked = asked;
  }

  async #revoke(type: "undo" | "redo"): Promise<readonly AnswerEvent[]> {
    const session = this.#session;
    const step: EventId | null =
      type === "undo"
        ? session.labels.nextUndo(session.annotator)
        : session.labels.nextRedo(session.annotator);
    if (step === null || this.saving || !session.leads) return [];
    this.saving = true;
    try {
      const { project, annotator } = session;
      await session.append([
        { type, id: session.nextEventId(), projectId: project.id, at: Date.now(), annotator, step },
      ]);
      const changed = session.labels.step(step);
      if (changed.length === 1 && type === "undo") await this.revisit(changed[0]!.itemId);
      else await this.advance();
      session.learning.request();
      return changed;
    } catch (error) {
      this.problem = sentenceOf(error);
      return [];
    } finally {
      this.saving = false;
    }
  }
}

/** The random slice holds here too: these draws are as uniform as a round's. */
function drawnMeanwhile(answered: number, holdOut: number, settings: ProjectSettings): Omit<Wanted, "row"> {
  const { randomShare, holdOutTarget } = settings;
  const period = randomShare > 0 ? Math.max(1, Math.round(1 / randomShare)) : Infinity;
  const held = holdOut < holdOutTarget && answered % period === Math.floor(period / 2);
  return held
    ? {
        source: "random",
        slice: "hold-out",
        stage: "random-slice",
        reason: "Drawn at random, to check the model honestly. This answer is never trained on.",
      }
    : {
        source: "random",
        slice: "train",
        stage: "meanwhile",
        reason: "Drawn at random while the machine gets its questions ready.",
      };
}
