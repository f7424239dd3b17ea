// One open project: its record, items, label log and the work that goes on around them. Made by Shell.open,
// ended by close; nothing here outlives the project.

import { conflictsOf, type Conflict } from "../core/conflicts";
import type { LabelEvent } from "../core/event";
import { firstIdAt, type EventId, type ProjectId, type Row } from "../core/ids";
import type { Item } from "../core/item";
import { ItemIndex } from "../core/item-index";
import { applyEvent, createLabelState, type LabelState } from "../core/labels";
import { liveTrainingView, type LiveTrainingView, type TrainingView } from "../core/training-view";
import type { LabelClass, Project, ProjectSettings } from "../core/project";
import type { Database } from "../storage/database";
import { appendEvents, loadEventsAfter } from "../storage/event-store";
import { loadItemHashes } from "../storage/item-hashes";
import { countItems, loadItem } from "../storage/item-store";
import { openLeadership, type Leadership } from "../storage/leadership";
import { changeProject, loadProject } from "../storage/project-store";
import { Comparing } from "./comparing.svelte";
import { Assessing } from "./assessing.svelte";
import { Accepting } from "./accepting.svelte";
import { Duplicates } from "./duplicates.svelte";
import { Embedding } from "./embedding.svelte";
import { Encoders } from "./encoders.svelte";
import { Vectors } from "./vectors.svelte";
import { Importing } from "./importing.svelte";
import { InTurn } from "./in-turn";
import { LinkedFolders } from "./linked-folders.svelte";
import { Labelling } from "./labelling.svelte";
import { Learning } from "./learning.svelte";
import { Merging } from "./merging.svelte";
import { Predicting } from "./predicting.svelte";
import { Pictures } from "./pictures";
import { Replaying } from "./replaying.svelte";
import { SettledRows } from "./settled-rows";
import type { Shell } from "./shell.svelte";

/** Events folded without a pause: some 10 ms of them, so that the page answers keys in between. */
const foldedAtOnce = 1000;
/**
 * Import workers and other tabs make ids of their own, so an event may sort before one that is here already:
 * by the time it takes to store a batch. Folding an event twice changes nothing.
 */
const overlapMs = 60_000;

const anotherTabLeads =
  "Another tab works on this project, so nothing was changed. Choose “Work here instead” to go on in this one.";

type Change = Partial<Omit<Project, "id">>;

export class Session {
  project: Project = $state.raw(undefined as never);
  /** Whether this tab may write; false while another tab leads. null until that is known. */
  leads = $state.raw<boolean | null>(null);
  itemCount = $state.raw(0);
  /** Counts up with every change of the label log; read it to depend on the log. */
  logVersion = $state.raw(0);

  readonly labels: LabelState = createLabelState();
  /** Which item lies at which row. Grows with imports; not reactive, `itemCount` is. */
  readonly items = new ItemIndex();

  readonly shell: Shell;
  readonly pictures: Pictures;
  readonly embedding = new Embedding();
  readonly encoders: Encoders;
  readonly comparing: Comparing;
  readonly vectors: Vectors;
  readonly importing: Importing;
  readonly merging = new Merging(this);
  readonly linked = new LinkedFolders(this);
  readonly learning: Learning;
  readonly assessing: Assessing;
  readonly replaying: Replaying;
  readonly labelling: Labelling;
  readonly duplicates: Duplicates;
  readonly predicting: Predicting;
  readonly accepting: Accepting;

  view: TrainingView = $derived.by(() => {
    void this.logVersion;
    return this.#live.view;
  });

  /** Made anew where the classes change; answers only bring it up to date. */
  #live: LiveTrainingView = $derived(liveTrainingView(this.labels, this.project));
  readonly #settled = new SettledRows(this.items, this.labels);
  /** Items people disagree about, made anew from the log whenever it changes, whoever changed it. */
  conflicts: readonly Conflict[] = $derived.by(() => {
    void this.logVersion;
    return conflictsOf(this.labels);
  });

  #leadership: Leadership | null = null;
  #newestAt = 0;
  #readWholeLog = false;
  // Two readings at once would both take the same new items in, and two changes each undo the other's.
  readonly #reading = new InTurn();
  readonly #changing = new InTurn();
  #closed = false;

  private constructor(shell: Shell, project: Project) {
    this.shell = shell;
    this.project = project;
    this.pictures = new Pictures(shell.database);
    this.encoders = new Encoders(this);
    this.comparing = new Comparing(this);
    this.vectors = new Vectors(this);
    this.importing = new Importing(this);
    this.learning = new Learning(this);
    this.assessing = new Assessing(this);
    this.replaying = new Replaying(this);
    this.labelling = new Labelling(this);
    this.duplicates = new Duplicates(this);
    this.predicting = new Predicting(this);
    this.accepting = new Accepting(this);
  }

  static async open(shell: Shell, projectId: ProjectId): Promise<Session | null> {
    const project = await loadProject(shell.database, projectId);
    if (!project) return null;
    const session = new Session(shell, project);
    await session.#readItems();
    await session.#readEvents();
    await session.learning.restore();
    await session.importing.restore();
    await session.labelling.advance();
    session.#leadership = openLeadership(projectId, (leads) => void session.#lead(leads));
    return session;
  }

  get database(): Database {
    return this.shell.database;
  }
  get annotator(): string {
    return this.shell.preferences.annotator;
  }

  /** Stores the events, then folds them. Once this resolves they survive anything. @throws StorageFull */
  async append(events: readonly LabelEvent[]): Promise<void> {
    await appendEvents(this.database, events);
    this.#fold(events);
    this.logVersion += 1;
    this.shell.tell({ type: "events", projectId: this.project.id });
  }

  /**
   * Stores and folds any number of events, some at a time, so that the page goes on answering. Those of one step
   * are undone together, also where the tab dies half-way. @throws StorageFull
   */
  async appendMany(events: readonly LabelEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += foldedAtOnce)
      await this.append(events.slice(from, from + foldedAtOnce));
  }

  nextEventId(): EventId {
    return this.shell.nextId() as EventId;
  }

  loadItem(row: Row): Promise<Item | null> {
    return loadItem(this.database, this.project.id, row);
  }

  isSettled(row: Row): boolean {
    return this.#settled.has(row, this.#live);
  }

  /** Rows below `rows` that wait for an answer, ascending. */
  waitingRows(rows: number): Uint32Array<ArrayBuffer> {
    return this.#settled.waiting(rows, this.#live);
  }

  /**
   * @param change what is new, or what makes it of the project as it is when its turn comes.
   * @throws where another tab leads, or the project is gone.
   */
  async change(change: Change | ((project: Project) => Change)): Promise<void> {
    await this.#changing.run(async () => {
      if (this.leads === false) throw new Error(anotherTabLeads);
      this.project = await changeProject(this.database, this.project.id, (project) => {
        const made = typeof change === "function" ? change(project) : change;
        return { ...project, ...made, changedAt: Date.now() };
      });
    });
    await this.shell.refresh();
    this.shell.tell({ type: "project", projectId: this.project.id });
  }

  async changeSettings(change: Partial<ProjectSettings>): Promise<void> {
    await this.change(({ settings }) => ({ settings: { ...settings, ...change } }));
    this.learning.request();
  }

  /** The questions go on with the encoder before until the items are embedded with this one. */
  async changeEncoder(encoderId: string | null): Promise<void> {
    await this.change(({ settings }) => ({ settings: { ...settings, encoderId } }));
    void this.embedAgain();
  }

  async changeClasses(classes: readonly LabelClass[]): Promise<void> {
    await this.change({ classes });
    this.learning.request();
  }

  takeLead(): void {
    this.#leadership?.take();
  }

  /** New items and labels came in (an import here): reads them. Embeddings and model follow in their own time. */
  async absorb(): Promise<void> {
    await this.follow();
    this.shell.tell({ type: "items", projectId: this.project.id });
    if (this.leads) void this.embedAgain();
  }

  /** Takes in what a bundle brought: its events may be older than any that are here. */
  async takeMerged(): Promise<void> {
    await this.followMerge();
    this.shell.tell({ type: "merged", projectId: this.project.id });
    await this.shell.refresh();
    this.learning.request();
    if (this.leads) void this.embedAgain();
  }

  /** Reads the whole log again, since a merge in another tab may have put events anywhere in it. */
  followMerge(): Promise<void> {
    this.#readWholeLog = true;
    return this.follow();
  }

  /** Reads what another tab, or an import worker, has stored. */
  async follow(): Promise<void> {
    await this.#reading.run(async () => {
      if (this.#closed) return;
      await this.#changing.run(async () => {
        const project = await loadProject(this.database, this.project.id);
        if (project) this.project = project;
      });
      await this.#readItems();
      await this.#readEvents();
      if (!this.leads) await this.learning.restore();
    });
    if (!this.#closed) await this.labelling.advanceIfIdle();
  }

  close(): void {
    this.#closed = true;
    this.#leadership?.close();
    const { importing, linked, merging, embedding, encoders, comparing, vectors } = this;
    for (const one of [importing, linked, merging, embedding, encoders, comparing, vectors]) one.close();
    for (const one of [this.learning, this.replaying, this.predicting, this.pictures]) one.close();
  }

  async #lead(leads: boolean): Promise<void> {
    this.leads = leads;
    if (!leads) this.embedding.stop();
    // A tab that takes over may have missed the last words of the one before.
    await this.learning.restore();
    await this.follow();
    if (this.leads) await this.embedAgain();
  }

  /** Embeds what has no embedding yet, then asks for a round. */
  async embedAgain(): Promise<void> {
    // What cannot be read yet would count as unreadable.
    if (this.itemCount === 0 || this.#closed || this.linked.locked.length > 0) return;
    await this.embedding.update(this.project);
    this.learning.requestIfStale();
  }

  async #readItems(): Promise<void> {
    const { items } = this;
    const total = await countItems(this.database, this.project.id);
    items.reserve(total);
    await loadItemHashes(this.database, this.project.id, items.length, total, (one) => items.append(one));
    this.itemCount = items.length;
  }

  async #readEvents(): Promise<void> {
    let after = this.#readWholeLog ? "" : firstIdAt(this.#newestAt - overlapMs);
    this.#readWholeLog = false;
    for (;;) {
      const events = await loadEventsAfter(this.database, this.project.id, after, foldedAtOnce);
      this.#fold(events);
      if (events.length > 0) this.logVersion += 1;
      if (events.length < foldedAtOnce) return;
      after = events.at(-1)!.id;
    }
  }

  #fold(events: readonly LabelEvent[]): void {
    for (const event of events) {
      const changed = applyEvent(this.labels, event);
      this.#live.update(changed);
      this.#settled.update(changed, this.#live);
      this.shell.noteId(event.id);
      // A clock that is fast, on the machine a bundle came from, must not hide what is stored after it.
      this.#newestAt = Math.max(this.#newestAt, Math.min(event.at, Date.now()));
    }
  }
}
