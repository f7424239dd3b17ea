// The predict screen's facts about new files: what the model of a round says of them, without adding them.

import type { ImageSource, Predicted } from "../../workers/api";
import { isVectorsId } from "../core/own-vectors";
import { PredictionColumns, type PredictionFilter } from "../core/predictions";
import { droppedOfList, filesOfTransfer, type Dropped } from "../engine/dropped-files";
import { openPredictor, type Predictor } from "../engine/predictor";
import { saveFile } from "../engine/save-file";
import { predictionTable } from "../formats/prediction-table";
import type { ReadChoice } from "../formats/reader";
import type { ImportProblem } from "../storage/schema";
import type { TableReview } from "./import-review";
import { planImport } from "./import-plan";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type PredictingPhase =
  | { readonly at: "idle" }
  | { readonly at: "looking" }
  | { readonly at: "review"; readonly table: TableReview }
  | {
      readonly at: "running";
      readonly done: number;
      readonly total: number;
      readonly unit: "items" | "bytes" | "vectors";
    }
  | { readonly at: "done" };

interface Given {
  readonly source: string;
  readonly dropped: Dropped;
  readonly images: readonly ImageSource[];
  readonly archives: ReadonlyMap<string, File>;
}

export class Predicting {
  phase = $state.raw<PredictingPhase>({ at: "idle" });
  problem = $state.raw<string | null>(null);
  problems = $state.raw<readonly ImportProblem[]>([]);
  /** Of the model in use; the newest with a model unless the person chose another. */
  chosenRound = $state.raw<number | null>(null);
  source = $state.raw("");
  classNames = $state.raw<readonly string[]>([]);
  filter = $state.raw<PredictionFilter>({ guess: null, atLeast: 0, order: "most doubtful" });
  /** Counts up as predictions come; read it to depend on them. */
  version = $state.raw(0);

  rounds = $derived.by(() => this.#session.learning.rounds.filter(({ hasHead }) => hasHead));
  round = $derived(this.chosenRound ?? this.rounds.at(-1)?.number ?? null);
  /** Whether the model was fitted on vectors computed elsewhere: it then takes vectors and no items. */
  takesVectors = $derived.by(() => {
    const chosen = this.rounds.find(({ number }) => number === this.round);
    return chosen !== undefined && isVectorsId(chosen.encoderKey);
  });
  /** Whether what was predicted can be added to the project. */
  addable = $state.raw(false);
  rows = $derived.by(() => {
    void this.version;
    return this.predictions.look(this.filter);
  });

  predictions = new PredictionColumns(0);

  readonly #session: Session;
  #predictor: Predictor | null = null;
  #stop = new AbortController();
  #given: Given | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  drop(transfer: DataTransfer): Promise<void> {
    return this.look(filesOfTransfer(transfer));
  }

  choose(list: readonly File[]): Promise<void> {
    return this.look(droppedOfList(list));
  }

  async look(dropped: Promise<Dropped>): Promise<void> {
    this.problem = null;
    this.phase = { at: "looking" };
    try {
      const given = await dropped;
      this.addable = !this.takesVectors;
      if (this.takesVectors) return await this.#runVectors(given);
      const { kind } = this.#session.project;
      const plan = await planImport(kind, given);
      this.problems = plan.problems;
      this.source = plan.source;
      const items = [...plan.images, ...plan.documents];
      const images: ImageSource[] = items.map(({ path, file }) => ({ path, file, given: null }));
      const archives = new Map<string, File>();
      // Labels beside images are not asked for here, nor texts inside archives.
      const zips = kind === "image" ? plan.archives : [];
      for (const [place, file] of zips.entries()) await this.#list(place, file, images, archives);
      this.#given = { source: plan.source, dropped: given, images, archives };
      const table = kind === "text" ? plan.tables[0]?.file : undefined;
      if (table)
        this.phase = {
          at: "review",
          table: { file: table, more: [], ...(await this.#open().previewTable(table)) },
        };
      else if (images.length > 0) await this.run(null);
      else throw new Error(plan.problems[0]?.message ?? "There were no files in it.");
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Shows the table with its first row taken for a header, or not. */
  async previewAgain(hasHeader: boolean): Promise<void> {
    if (this.phase.at !== "review") return;
    const { table } = this.phase;
    try {
      const looked = await this.#open().previewTable(table.file, hasHeader);
      if (this.phase.at === "review") this.phase = { at: "review", table: { ...table, ...looked } };
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Predicts the items whose vectors these files hold. */
  async #runVectors({ files, unopened }: Dropped): Promise<void> {
    const { round } = this;
    if (round === null) return;
    const { signal } = (this.#stop = new AbortController());
    this.problems = unopened.map(({ path, message }) => ({ place: path, message }));
    this.source = files.length === 1 ? files[0]!.file.name : `${files.length.toLocaleString("en")} files`;
    try {
      await this.#openRound(round);
      const take = (predicted: Predicted) => {
        this.#take(predicted);
        this.phase = { at: "running", done: this.predictions.length, total: 0, unit: "vectors" };
      };
      this.phase = { at: "running", done: 0, total: 0, unit: "vectors" };
      const given = files.map(({ file }) => file);
      await this.#open().predictVectors(given, take, signal);
      this.phase = { at: "done" };
    } finally {
      this.version += 1;
    }
  }

  async #openRound(round: number): Promise<void> {
    const { project } = this.#session;
    const { classIds } = await this.#open().open(project.id, round);
    const names = new Map<string, string>(project.classes.map(({ id, name }) => [id, name]));
    this.classNames = classIds.map((id) => names.get(id) ?? id);
    this.predictions = new PredictionColumns(classIds.length);
    this.filter = { ...this.filter, guess: null };
  }

  #take({ names, probabilities, problems }: Predicted): void {
    this.predictions.add(names, probabilities);
    this.problems = [...this.problems, ...problems];
  }

  /** Predicts what was given; `choice` says how to read a table. */
  async run(choice: ReadChoice | null): Promise<void> {
    const given = this.#given;
    const { round } = this;
    if (!given || round === null) return;
    const table = this.phase.at === "review" ? this.phase.table : null;
    const { signal } = (this.#stop = new AbortController());
    const total = table ? table.file.size : given.images.length;
    const unit = table ? "bytes" : "items";
    let done = 0;
    try {
      await this.#openRound(round);
      const take = (predicted: Predicted, now: number) => {
        this.#take(predicted);
        this.phase = { at: "running", done: (done = now), total, unit };
      };
      this.phase = { at: "running", done, total, unit };
      if (table && choice)
        await this.#open().predictTable(table.file, choice, (one) => take(one, one.bytesRead), signal);
      else {
        const counted = (one: Predicted) => take(one, done + one.names.length + one.problems.length);
        await this.#open().predictFiles(given.images, given.archives, counted, signal);
      }
      this.phase = { at: "done" };
    } catch (error) {
      this.#fail(error);
    } finally {
      this.version += 1;
    }
  }

  /** Ends the run; what was predicted so far stays in view. */
  cancel(): void {
    this.#stop.abort();
    if (this.phase.at === "review") this.phase = { at: "idle" };
  }

  startOver(): void {
    this.cancel();
    this.phase = { at: "idle" };
    this.predictions = new PredictionColumns(0);
    this.problems = [];
    this.problem = null;
    this.version += 1;
  }

  /** Gives the same files to the import, which asks what it has to. */
  addToProject(): Promise<void> {
    return this.#session.importing.look(Promise.resolve(this.#given?.dropped ?? { files: [], unopened: [] }));
  }

  /** Saves what is in view, in the order it is in. */
  async save(): Promise<void> {
    try {
      const bytes = predictionTable(this.predictions, this.rows, this.classNames);
      await saveFile("predictions.csv", "text/csv;charset=utf-8", bytes);
    } catch (error) {
      this.problem = sentenceOf(error);
    }
  }

  close(): void {
    this.#stop.abort();
    this.#predictor?.close();
  }

  #open(): Predictor {
    return (this.#predictor ??= openPredictor());
  }

  #fail(error: unknown): void {
    if (!isStopped(error)) this.problem = sentenceOf(error);
    this.phase = this.predictions.length > 0 ? { at: "done" } : { at: "idle" };
  }

  async #list(place: number, file: File, images: ImageSource[], archives: Map<string, File>): Promise<void> {
    const archiveId = `${place} ${file.name}`;
    const { entries, problems } = await this.#open().listArchive(file);
    this.problems = [...this.problems, ...problems];
    archives.set(archiveId, file);
    for (const { entry, path } of entries)
      images.push({ path: `${file.name}/${path}`, given: null, archiveId, entry });
  }
}
