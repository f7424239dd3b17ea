// The rows the learner works on: every row of an ordinary pool; of a very large one a random sample, which stays the
// same as the pool grows but for what the new rows push out, and with it every row that has a label.

import type { Row } from "./ids";
import type { Model } from "./learning/model";
import type { LabelledRow, Question, Round, RoundInput } from "./round";

/**
 * Rows of the sample. At 328 numbers each, 200,000 rows take 262 MB twice: here and where the kernels work. A
 * million would take the whole tab.
 */
export const sampledRows = 200_000;

/** Of how many rows the learner chooses its questions, labelled ones aside. */
export function askedAmong(rows: number): number {
  return Math.min(rows, sampledRows);
}

export class WorkingPool {
  /** Ascending; null where it is all rows. */
  readonly rows: Uint32Array | null;
  readonly total: number;
  /** Place of each row among `rows`, plus 1; 0 where it is not among them. */
  readonly #places: Uint32Array | null;

  private constructor(total: number, rows: Uint32Array | null) {
    this.total = total;
    this.rows = rows;
    this.#places = rows && new Uint32Array(total);
    rows?.forEach((row, place) => (this.#places![row] = place + 1));
  }

  static draw(total: number, seed: number, most = sampledRows): WorkingPool {
    return new WorkingPool(total, total > most ? drawSample(total, seed, most) : null);
  }

  /** With these rows as well; itself where it has them all. Rows beyond the total are passed over. */
  including(rows: Iterable<Row>): WorkingPool {
    if (!this.rows) return this;
    const missing = new Set<Row>();
    for (const row of rows) if (row < this.total && !this.has(row)) missing.add(row);
    if (missing.size === 0) return this;
    return new WorkingPool(this.total, Uint32Array.from([...this.rows, ...missing]).sort());
  }

  has(row: Row): boolean {
    return this.#places ? this.#places[row]! > 0 : row < this.total;
  }

  /** Where a row of the pool stands among its rows. @throws RangeError where it is not in the pool. */
  placeOf(row: Row): number {
    if (!this.has(row)) throw new RangeError(`Row ${row} is not among the rows in work.`);
    return this.#places ? this.#places[row]! - 1 : row;
  }

  rowAt(place: number): Row {
    return this.rows ? this.rows[place]! : place;
  }

  /** The places of those that are in the pool, in the order given. */
  placesOf(rows: Uint32Array): Uint32Array {
    return this.rows ? rows.filter((row) => this.has(row)).map((row) => this.placeOf(row)) : rows;
  }

  rowsAt(places: Uint32Array): Uint32Array {
    return this.rows ? places.map((place) => this.rowAt(place)) : places;
  }

  /** Rows of the pool below that row. */
  countBelow(row: Row): number {
    if (!this.rows) return Math.min(row, this.total);
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  labelledPlaces(labelled: readonly LabelledRow[]): readonly LabelledRow[] {
    return this.rows ? labelled.map((one) => ({ ...one, row: this.placeOf(one.row) })) : labelled;
  }

  /** The round's input in places. All labelled rows must be in the pool. */
  inputPlaces(input: RoundInput): RoundInput {
    if (!this.rows) return input;
    return {
      ...input,
      train: this.labelledPlaces(input.train),
      holdOut: this.labelledPlaces(input.holdOut),
      candidates: this.placesOf(input.candidates),
      ...(input.passed && { passed: this.placesOf(input.passed) }),
      ...(input.reviewed && { reviewed: this.placesOf(input.reviewed) }),
      ...(input.arrivedFrom != null && { arrivedFrom: this.countBelow(input.arrivedFrom) }),
    };
  }

  /** What a round said of places, said of rows. */
  roundRows(round: Round): Round {
    if (!this.rows) return round;
    return {
      ...round,
      questions: this.questionRows(round.questions),
      model: round.model && this.#modelRows(round.model),
    };
  }

  questionRows(questions: readonly Question[]): readonly Question[] {
    if (!this.rows) return questions;
    return questions.map((one) => ({
      ...one,
      row: this.rowAt(one.row),
      ...(one.nearest && { nearest: one.nearest.map((near) => ({ ...near, row: this.rowAt(near.row) })) }),
    }));
  }

  #modelRows<Kind extends Model>(model: Kind): Kind {
    if (model.kind === "k-nearest") return { ...model, places: this.rowsAt(model.places) };
    return model.kind === "with-terms" ? { ...model, base: this.#modelRows(model.base) } : model;
  }
}

/** The rows with the lowest hashes of seed and row: a new row enters where its own is among the lowest. */
function drawSample(total: number, seed: number, count: number): Uint32Array {
  const hashes = new Uint32Array(total);
  for (let row = 0; row < total; row++) hashes[row] = hashRow(row, seed);
  const last = hashes.toSorted()[count - 1]!;
  const drawn = new Uint32Array(count);
  let below = 0;
  for (let row = 0; row < total; row++) if (hashes[row]! < last) below++;
  // Of several rows with the last hash the first ones go in.
  let left = count - below;
  let at = 0;
  for (let row = 0; row < total; row++)
    if (hashes[row]! < last || (hashes[row] === last && left-- > 0)) drawn[at++] = row;
  return drawn;
}

/** MurmurHash3's finaliser over both. */
function hashRow(row: number, seed: number): number {
  let hash = Math.imul(row + 1, 0x9e3779b1) ^ seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
