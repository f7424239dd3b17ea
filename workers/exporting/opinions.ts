// What the newest model thinks of each item, worked out a page of rows at a time for exports, and which labels look
// wrong to a model that has not learnt from them.

import { ClassConfidence, isSuspect } from "../../src/core/evaluation/suspect-label";
import { unseenOpinions } from "../../src/core/evaluation/unseen-opinions";
import { throwIfStopped, type StopSignal } from "../../src/core/errors";
import type { ClassId, ItemId, Row } from "../../src/core/ids";
import type { Item } from "../../src/core/item";
import { ItemIndex } from "../../src/core/item-index";
import { scoresFromLogits } from "../../src/core/kernels/scores";
import { modelLogits, shapeOf, type Model } from "../../src/core/learning/model";
import { gatherTerms } from "../../src/core/learning/terms";
import { createRandom } from "../../src/core/random";
import type { Opinion } from "../../src/formats/export";
import { chunkRows, loadChunks, loadEmbeddingRows } from "../../src/storage/embedding-store";
import { loadItemHashes } from "../../src/storage/item-hashes";
import { loadRoundDetail, loadRounds } from "../../src/storage/round-store";
import type { RoundSummary } from "../../src/storage/schema";
import { nextTask } from "../serve";
import type { StoredProject } from "./stored-project";

const pageRows = chunkRows;
/** Of k-nearest, by far the dearest to ask: some 10 ms of products, so that a stop is heard in between. */
const productsAtOnce = 4_000_000;
/**
 * Labels past which suspected ones are judged by the model's own word: the folds would take minutes, and so many
 * rows leave a model of one layer little room to learn a wrong label by heart.
 */
const mostInFolds = 20_000;

/** Probabilities and uncertainty of one row. */
interface Thought {
  readonly probabilities: ArrayLike<number>;
  readonly uncertainty: number;
}

interface Labelled {
  readonly row: Row;
  readonly label: number;
}

export class Opinions {
  readonly #stored: StoredProject;
  readonly #round: RoundSummary;
  readonly #model: Model;
  readonly #places: ReadonlyMap<ClassId, number>;
  #thresholds: Float64Array | null = null;
  /** Of rows that the model was fitted to, by models that were not. */
  #unseen: ReadonlyMap<Row, ArrayLike<number>> | null = null;

  private constructor(stored: StoredProject, round: RoundSummary, model: Model) {
    this.#stored = stored;
    this.#round = round;
    this.#model = model;
    this.#places = new Map(round.classIds.map((classId, place) => [classId, place]));
  }

  /** null where there is no model yet. @throws Stopped */
  static async open(stored: StoredProject, stop: StopSignal): Promise<Opinions | null> {
    const { database, project } = stored;
    const round = (await loadRounds(database, project.id)).findLast(({ hasHead }) => hasHead);
    const detail = round && (await loadRoundDetail(database, project.id, round.number));
    if (!round || !detail?.model) return null;
    const opinions = new Opinions(stored, round, detail.model);
    if (project.answerMode === "single") await opinions.#settle(stop);
    return opinions;
  }

  /** By row; rows without an embedding have none. */
  async page(from: Row, to: Row): Promise<ReadonlyMap<Row, Thought>> {
    const { database, project } = this.#stored;
    const thoughts = new Map<Row, Thought>();
    const { classes } = shapeOf(this.#model);
    for (const chunk of await loadChunks(database, project.id, this.#round.encoderKey, from, to)) {
      const values = new Float32Array(chunk.values);
      const base = this.#model.kind === "with-terms" ? this.#model.base : this.#model;
      const perRow = base.kind === "k-nearest" ? base.features.length : chunk.dims;
      const atOnce = Math.max(1, Math.floor(productsAtOnce / Math.max(1, perRow)));
      for (let first = 0; first < chunk.rows; first += atOnce) {
        if (first > 0) await nextTask();
        const rows = Math.min(atOnce, chunk.rows - first);
        const part = values.subarray(first * chunk.dims, (first + rows) * chunk.dims);
        const places = Uint32Array.from({ length: rows }, (_, at) => first + at);
        const terms = chunk.terms ? gatherTerms(chunk.terms, places) : null;
        const logits = modelLogits(this.#model, part, rows, terms);
        const scores = scoresFromLogits(logits, rows, classes, this.#activation);
        for (let at = 0; at < rows; at++)
          thoughts.set(chunk.firstRow + first + at, {
            probabilities: scores.probabilities.subarray(at * classes, (at + 1) * classes),
            uncertainty: scores.entropy[at]!,
          });
      }
    }
    return thoughts;
  }

  of(
    { row }: Pick<Item, "row">,
    thought: Thought,
    classIds: readonly ClassId[] | null,
    names: ReadonlyMap<string, string>,
  ): Opinion {
    const { probabilities, uncertainty } = thought;
    let best = 0;
    for (let place = 1; place < probabilities.length; place++)
      if (probabilities[place]! > probabilities[best]!) best = place;
    const bestId = this.#round.classIds[best]!;
    const labels = (classIds ?? []).flatMap((classId) => this.#places.get(classId) ?? []);
    const [label] = labels;
    const unseen = label === undefined ? undefined : this.#unseen?.get(row);
    const judged = unseen && !Number.isNaN(unseen[label!]!) ? unseen : probabilities;
    return {
      guess: names.get(bestId) ?? bestId,
      probability: probabilities[best]!,
      uncertainty,
      labelProbability: label === undefined ? null : Math.min(...labels.map((place) => judged[place]!)),
      suspect: label === undefined ? null : this.#suspects(row, label, probabilities),
    };
  }

  /** null where nothing that has not learnt from the label could be asked. */
  #suspects(row: Row, label: number, own: ArrayLike<number>): boolean | null {
    const judged = this.#unseen?.get(row) ?? own;
    if (!this.#thresholds || Number.isNaN(judged[label]!)) return null;
    return isSuspect(judged, label, this.#thresholds);
  }

  get #activation() {
    return this.#model.activation;
  }

  /** Goes over the labelled items once, to know how sure a model usually is of each class. */
  async #settle(stop: StopSignal): Promise<void> {
    const index = await this.#readIndex();
    const { view } = this.#stored;
    const [train, holdOut] = [view.train, view.holdOut].map((labels) => this.#labelled(labels, index));
    this.#unseen = train!.length <= mostInFolds ? await this.#crossFit(train!, stop) : null;
    const confidence = new ClassConfidence(this.#round.classIds.length);
    const note = (label: number, probabilities: ArrayLike<number>) => {
      if (!Number.isNaN(probabilities[label]!)) confidence.add(label, probabilities[label]!);
    };
    for (const { row, label } of train!) {
      const found = this.#unseen?.get(row);
      if (found) note(label, found);
    }
    for (const page of pagesOf(this.#unseen ? holdOut! : [...train!, ...holdOut!])) {
      throwIfStopped(stop);
      const from = page[0]!.row - (page[0]!.row % pageRows);
      const thoughts = await this.page(from, from + pageRows);
      for (const { row, label } of page) {
        const thought = thoughts.get(row);
        if (thought) note(label, thought.probabilities);
      }
    }
    this.#thresholds = confidence.thresholds();
  }

  async #crossFit(
    train: readonly Labelled[],
    stop: StopSignal,
  ): Promise<ReadonlyMap<Row, ArrayLike<number>>> {
    const { database, project } = this.#stored;
    const { dims } = shapeOf(this.#model);
    const classes = this.#round.classIds.length;
    const places = Uint32Array.from(train, ({ row }) => row);
    const at = { projectId: project.id, encoderKey: this.#round.encoderKey };
    const features = await loadEmbeddingRows(database, at, places, dims);
    const targets = new Uint8Array(train.length * classes);
    train.forEach(({ label }, place) => (targets[place * classes + label] = 1));
    const random = createRandom(project.settings.seed);
    const found =
      features &&
      unseenOpinions({ features, rows: train.length, dims, targets, classes, places }, { random, stop });
    const unknown = new Float64Array(classes).fill(NaN);
    return new Map(
      train.map(({ row }, place) => [
        row,
        found?.subarray(place * classes, (place + 1) * classes) ?? unknown,
      ]),
    );
  }

  async #readIndex(): Promise<ItemIndex> {
    const { database, project, itemCount } = this.#stored;
    const index = new ItemIndex();
    index.reserve(itemCount);
    await loadItemHashes(database, project.id, 0, itemCount, (hashes) => index.append(hashes));
    return index;
  }

  /** Ascending by row: those that the round knew the class of and had an embedding of. */
  #labelled(labels: ReadonlyMap<ItemId, readonly ClassId[]>, index: ItemIndex): Labelled[] {
    return [...labels]
      .flatMap(([itemId, [classId]]): Labelled[] => {
        const row = index.rowOf(itemId);
        const label = classId === undefined ? undefined : this.#places.get(classId);
        if (row === undefined || label === undefined || row >= this.#round.poolRows) return [];
        return [{ row, label }];
      })
      .sort((one, other) => one.row - other.row);
  }
}

function pagesOf(labelled: readonly Labelled[]): Labelled[][] {
  const pages = new Map<number, Labelled[]>();
  for (const one of labelled) {
    const page = Math.floor(one.row / pageRows);
    pages.set(page, [...(pages.get(page) ?? []), one]);
  }
  return [...pages.values()];
}
