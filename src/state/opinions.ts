// What the newest model thinks of each item, worked out a page of rows at a time for exports.

import { ClassConfidence, isSuspect } from "../core/evaluation/suspect-label";
import type { ClassId, ItemId, Row } from "../core/ids";
import { scoresFromLogits } from "../core/kernels/scores";
import { modelLogits, shapeOf, type Model } from "../core/learning/model";
import { gatherTerms } from "../core/learning/terms";
import type { Opinion } from "../formats/export";
import { chunkRows, loadChunks } from "../storage/embedding-store";
import { loadRoundDetail } from "../storage/round-store";
import type { RoundSummary } from "../storage/schema";
import type { Session } from "./session.svelte";

const pageRows = chunkRows;
/** Of k-nearest, by far the dearest to ask: some 10 ms of products, so that the page answers keys in between. */
const productsAtOnce = 4_000_000;

/** Probabilities and uncertainty of one row. */
interface Thought {
  readonly probabilities: Float32Array;
  readonly uncertainty: number;
}

export class Opinions {
  readonly #session: Session;
  readonly #round: RoundSummary;
  readonly #model: Model;
  readonly #places: ReadonlyMap<ClassId, number>;
  #thresholds: Float64Array | null = null;

  private constructor(session: Session, round: RoundSummary, model: Model) {
    this.#session = session;
    this.#round = round;
    this.#model = model;
    this.#places = new Map(round.classIds.map((classId, place) => [classId, place]));
  }

  /** null where there is no model yet. */
  static async open(session: Session, stop: AbortSignal): Promise<Opinions | null> {
    const round = session.learning.rounds.findLast(({ hasHead }) => hasHead);
    const detail = round && (await loadRoundDetail(session.database, session.project.id, round.number));
    if (!round || !detail?.model) return null;
    const opinions = new Opinions(session, round, detail.model);
    if (session.project.answerMode === "single") await opinions.#settle(stop);
    return opinions;
  }

  /** By row; rows without an embedding have none. */
  async page(from: Row, to: Row): Promise<ReadonlyMap<Row, Thought>> {
    const { database, project } = this.#session;
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

  of(thought: Thought, classIds: readonly ClassId[] | null, names: ReadonlyMap<string, string>): Opinion {
    const { probabilities, uncertainty } = thought;
    let best = 0;
    for (let place = 1; place < probabilities.length; place++)
      if (probabilities[place]! > probabilities[best]!) best = place;
    const bestId = this.#round.classIds[best]!;
    const labels = (classIds ?? []).flatMap((classId) => this.#places.get(classId) ?? []);
    const [label] = labels;
    return {
      guess: names.get(bestId) ?? bestId,
      probability: probabilities[best]!,
      uncertainty,
      labelProbability:
        label === undefined ? null : Math.min(...labels.map((place) => probabilities[place]!)),
      suspect:
        label === undefined || !this.#thresholds ? null : isSuspect(probabilities, label, this.#thresholds),
    };
  }

  get #activation() {
    return this.#model.activation;
  }

  /** Goes over the labelled items once, to know how sure the model usually is of each class. */
  async #settle(stop: AbortSignal): Promise<void> {
    const confidence = new ClassConfidence(this.#round.classIds.length);
    const { view } = this.#session;
    for (const [from, labels] of this.#labelsByPage([...view.train, ...view.holdOut])) {
      stop.throwIfAborted();
      const thoughts = await this.page(from, from + pageRows);
      for (const [row, label] of labels) {
        const thought = thoughts.get(row);
        if (thought) confidence.add(label, thought.probabilities[label]!);
      }
    }
    this.#thresholds = confidence.thresholds();
  }

  #labelsByPage(
    labelled: readonly (readonly [ItemId, readonly ClassId[]])[],
  ): Map<Row, (readonly [row: Row, label: number])[]> {
    const pages = new Map<Row, (readonly [Row, number])[]>();
    for (const [itemId, [classId]] of labelled) {
      const row = this.#session.items.rowOf(itemId);
      const label = classId === undefined ? undefined : this.#places.get(classId);
      if (row === undefined || label === undefined) continue;
      const from = row - (row % pageRows);
      const page = pages.get(from) ?? [];
      page.push([row, label]);
      pages.set(from, page);
    }
    return pages;
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
