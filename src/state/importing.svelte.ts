// Importing into the open project: a review where something has to be decided, then the work with its
// counts, then the record that stays.

import type { ImportProgress } from "../../workers/api";
import type { ClassId, EventId } from "../core/ids";
import { activeClasses, type LabelClass } from "../core/project";
import { droppedOfList, filesOfTransfer, type Dropped } from "../engine/dropped-files";
import { openImporter, type Importer } from "../engine/importer";
import { bundleExtension } from "../formats/bundle/manifest";
import { splitClasses } from "../formats/class-list";
import type { GivenLabels } from "../formats/given-events";
import type { ReadChoice } from "../formats/reader";
import { listImports, saveImport } from "../storage/import-store";
import type { ImportRecord } from "../storage/schema";
import { ImportAccount } from "./import-account";
import { ImportCount, type Running } from "./import-count";
import { countGiven, planImport, type ImportPlan } from "./import-plan";
import { prepareReview, relabelled, type GivenName, type Review, type TableReview } from "./import-review";
import { findRoom, RoomWatch, type Room } from "./import-room";
import { KnownLabels, type Taken } from "./known-labels";
import { newClasses } from "./new-class";
import { Newcomers } from "./newcomers.svelte";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";
import { StoppedImport } from "./stopped-import.svelte";
import { addStoredLabels, storedPaths } from "./stored-labels";

/** Share of labels that come with the data which is kept for the hold-out. */
const givenHoldOutShare = 0.2;

export type ImportPhase =
  | { readonly at: "idle" }
  | { readonly at: "looking"; readonly source: string }
  | { readonly at: "review"; readonly review: Review }
  | { readonly at: "running"; readonly running: Running };

export class Importing {
  phase = $state.raw<ImportPhase>({ at: "idle" });
  records = $state.raw<readonly ImportRecord[]>([]);
  /** Why the last import could not start or had to end early. */
  problem = $state.raw<{ readonly title: string; readonly message: string } | null>(null);

  /** What the files given take, and what the browser has left; null where it does not say. */
  room = $state.raw<Room | null>(null);

  readonly stopped: StoppedImport;
  readonly newcomers: Newcomers;
  readonly #session: Session;
  #importer: Importer | null = null;
  #stop = new AbortController();
  #cancelled = false;
  #folder: FileSystemDirectoryHandle | null = null;

  constructor(session: Session) {
    this.#session = session;
    this.stopped = new StoppedImport(session, this);
    this.newcomers = new Newcomers(session);
  }

  async restore(): Promise<void> {
    this.records = await listImports(this.#session.database, this.#session.project.id);
    await this.#session.linked.look();
  }

  drop(transfer: DataTransfer): Promise<void> {
    return this.look(filesOfTransfer(transfer));
  }

  choose(list: readonly File[]): Promise<void> {
    return this.look(droppedOfList(list));
  }

  /** Looks at what was given. Images without class names go straight in; else the person reviews. */
  async look(dropped: Promise<Dropped>, folder: FileSystemDirectoryHandle | null = null): Promise<void> {
    if (this.phase.at !== "idle") return;
    this.#folder = folder;
    this.problem = null;
    this.phase = { at: "looking", source: "" };
    try {
      const given = await dropped;
      const bundle = given.files.find(({ path }) => path.toLowerCase().endsWith(bundleExtension));
      if (bundle) {
        this.phase = { at: "idle" };
        await this.#session.merging.look(bundle.file);
        return;
      }
      const plan = await planImport(this.#session.project.kind, given);
      this.room = await findRoom(plan);
      const review = await this.#prepare(plan);
      this.phase = { at: "review", review };
      if (!review.table && !review.labelling && review.given.length === 0) await this.start(null, false);
    } catch (error) {
      this.phase = { at: "idle" };
      if (!isStopped(error)) this.problem = { title: "Nothing was added", message: sentenceOf(error) };
    }
  }

  /** Shows the table with its first row taken for a header, or not. */
  async previewAgain(hasHeader: boolean): Promise<void> {
    if (this.phase.at !== "review" || !this.phase.review.table) return;
    const { review } = this.phase;
    const { file } = this.phase.review.table;
    const { more } = this.phase.review.table;
    const table = { file, more, ...(await this.#pool().previewTable(file, hasHeader)) };
    this.phase = { at: "review", review: { ...review, table } };
  }

  /** Counts the class names of a column, so that the person sees what they would get. */
  async survey(choice: ReadChoice): Promise<readonly GivenName[]> {
    if (this.phase.at !== "review" || !this.phase.review.table || choice.givenColumn === null) return [];
    const { file, more } = this.phase.review.table;
    const surveys = [];
    for (const one of [file, ...more])
      surveys.push(await this.#pool().surveyTable(one, choice, this.#stop.signal));
    const given = surveys.flatMap((survey) => survey.given);
    const tooMany = surveys.some((survey) => survey.tooMany);
    if (tooMany)
      throw new Error(
        `The column "${choice.givenColumn}" has more than ${given.length} different values, so it holds no classes. Choose another column, or none.`,
      );
    return countNames(given);
  }

  /** Takes another column of a label table for the class. */
  async useColumn(place: number, column: string | null): Promise<void> {
    if (this.phase.at !== "review" || !this.phase.review.labelling) return;
    const { review } = this.phase;
    const tables = this.phase.review.labelling.tables.map((table, at) =>
      at === place ? { ...table, givenColumn: column } : table,
    );
    const read = await relabelled(review, tables, this.#pool(), this.#stop.signal);
    if (this.phase.at === "review") this.phase = { at: "review", review: read };
  }

  /** `choice` says how to read a table; `useGiven` makes labels of the class names that came along. */
  async start(choice: ReadChoice | null, useGiven: boolean, given: readonly GivenName[] = []): Promise<void> {
    if (this.phase.at !== "review") return;
    const { review } = this.phase;
    const { database, project } = this.#session;
    this.#stop = new AbortController();
    const total = review.table ? bytesOf(review.table) : review.sources.length;
    const unit = review.table ? "bytes" : "items";
    const stopped = this.stopped.record;
    const folder = this.#folder;
    const inPlace = review.plan.images.some(({ handle }) => handle);
    const count = new ImportCount(
      review.plan.source,
      total,
      unit,
      (running) => {
        this.phase = { at: "running", running };
        account.note();
        watch?.note(running.done / Math.max(1, running.total));
      },
      stopped?.source === review.plan.source,
    );
    this.#cancelled = false;
    const at = Date.now();
    const recordId = this.#session.nextEventId();
    const record = (finished: boolean): ImportRecord => ({
      id: recordId,
      projectId: project.id,
      at,
      finished,
      abandoned: this.#cancelled,
      ...(folder ? { folder } : {}),
      ...(inPlace ? { inPlace } : {}),
      ...count.result(),
    });
    const account = new ImportAccount(database, () => record(false));
    const watch = this.room && new RoomWatch(this.room, (room) => (this.room = room));
    count.add({ added: 0, labels: 0, duplicates: [], problems: review.plan.problems }, 0);
    let unsaved: ImportRecord | null = null;
    try {
      await saveImport(database, record(false));
      if (stopped) await this.stopped.abandon();
      const labels = useGiven ? await this.#labels(given.length > 0 ? given : review.given, recordId) : null;
      await this.#read(review, choice, labels, count);
      await account.close(record(true));
    } catch (error) {
      if (!isStopped(error)) this.problem = { title: "The import ended early", message: sentenceOf(error) };
      // What went in stays, and so does the account of it; a full disk may refuse even that.
      const last = record(false);
      await account.close(last).catch(() => (unsaved = last));
    } finally {
      watch?.end();
      this.phase = { at: "idle" };
      await this.restore();
      if (unsaved) this.records = [unsaved, ...this.records.filter(({ id }) => id !== recordId)];
      await this.#session.absorb();
    }
  }

  /** Ends the import or the review. What went in stays. */
  cancel(): void {
    this.#cancelled = true;
    this.#stop.abort();
    if (this.phase.at === "review") this.phase = { at: "idle" };
  }

  close(): void {
    this.#stop.abort();
    this.#importer?.close();
  }

  #pool(): Importer {
    return (this.#importer ??= openImporter());
  }

  #prepare(plan: ImportPlan): Promise<Review> {
    // A review that was called off before must not call off this one.
    this.#stop = new AbortController();
    const stored = () => storedPaths(this.#session);
    return prepareReview(this.#session.project.kind, plan, this.#pool(), stored, this.#stop.signal);
  }

  async #read(
    review: Review,
    choice: ReadChoice | null,
    labels: GivenLabels | null,
    count: ImportCount,
  ): Promise<void> {
    const { project } = this.#session;
    const { signal } = this.#stop;
    const known = new KnownLabels(this.#session);
    const note = (taken: Taken) => count.add({ added: 0, duplicates: [], ...taken }, 0);
    if (review.table && choice) {
      for (const file of [review.table.file, ...review.table.more]) {
        const before = count.done;
        const report = async (progress: ImportProgress & { readonly bytesRead: number }) => {
          count.add(progress, before + progress.bytesRead - count.done);
          note(await known.take(progress.duplicates));
        };
        await this.#pool().importTable(project.id, file, choice, labels, report, signal);
      }
      note(await known.finish());
      return;
    }
    if (review.labelling?.stored && labels) {
      const { stored, labels: named } = review.labelling;
      const { added, kept } = await addStoredLabels(this.#session, stored, named, labels, signal);
      const message = `${kept.toLocaleString("en")} of the items had an answer already, which stays.`;
      const problems = kept > 0 ? [{ place: review.plan.source, message, note: true as const }] : [];
      count.add({ added: 0, labels: added, duplicates: [], problems }, 0);
      return;
    }
    const report = async (progress: ImportProgress) => {
      count.add(progress, progress.added + progress.duplicates.length + progress.problems.length);
      note(await known.take(progress.duplicates));
    };
    const { sources, archives } = review;
    await this.#pool().importFiles(project.kind, project.id, sources, archives, labels, report, signal);
    note(await known.finish());
  }

  /** Makes the classes there are none of yet, and says which name is which. */
  async #labels(given: readonly GivenName[], step: EventId): Promise<GivenLabels> {
    const session = this.#session;
    const known = new Map<string, LabelClass>(activeClasses(session.project).map((one) => [one.name, one]));
    const missing = given.map(({ name }) => name).filter((name) => !known.has(name));
    if (missing.length > 0) {
      const made = newClasses(session.project.classes, missing, () => session.shell.nextId() as ClassId);
      await session.change(({ classes }) => ({ classes: [...classes, ...made] }));
      for (const one of made) known.set(one.name, one);
    }
    return {
      classIds: Object.fromEntries([...known].map(([name, { id }]) => [name, id])),
      annotator: session.annotator,
      step,
      holdOutShare: givenHoldOutShare,
      seed: session.project.settings.seed,
      noneIsAnswer: session.project.answerMode === "multiple",
    };
  }
}

function bytesOf({ file, more }: TableReview): number {
  return [file, ...more].reduce((sum, { size }) => sum + size, 0);
}

/** A cell may name several classes; each counts for itself. */
function countNames(given: readonly GivenName[]): GivenName[] {
  return countGiven(
    given.flatMap(({ name, count }) => splitClasses(name).flatMap((one) => Array<string>(count).fill(one))),
  );
}
