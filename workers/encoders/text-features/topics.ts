// Latent semantic analysis: texts by their words, word pairs and character sequences, weighted by rarity and folded
// along the directions in which the person's own texts differ most (Deerwester et al., JASIS 1990).

import type { Random } from "../../../src/core/random";
import type { Algebra } from "../projection/algebra";
import type { Pace } from "../projection/pacing";
import type { SparseMatrix } from "../projection/sparse-matrix";
import { truncatedSvd } from "../projection/truncated-svd";
import { BUCKETS, pairHash, type TextPieces } from "./tokens";

export const TOPICS = 128;
/** Words and pairs that come in one text only tell no two texts alike; the most frequent are kept. */
const MIN_TEXTS = 2;
const MAX_TERMS = 30_000;
const ITERATIONS = 2;
/**
 * Length of a random direction that every character sequence has besides its learnt one: far too small to be
 * seen beside it, yet it keeps apart texts that consist of what the sample never showed.
 */
const RANDOM_SHARE = 1e-3;

/** What is learnt; plain typed arrays, so that it can be stored. */
export interface Topics {
  /** Hashes of words and pairs, each a column. The buckets of character sequences are the columns after them. */
  readonly terms: Uint32Array;
  /** Inverse document frequency of each column. */
  readonly rarity: Float32Array;
  /** (terms + buckets) × TOPICS, row-major. */
  readonly axes: Float32Array;
}

/** The columns and weights of one text; the parts of words and of characters have length 1 each. */
export interface WeightedRow {
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

export async function learnTopics(
  texts: readonly TextPieces[],
  random: Random,
  algebra: Algebra,
  pace: Pace,
): Promise<Topics> {
  const terms = frequentTerms(texts);
  const places = placesOf(terms);
  const counted: WeightedRow[] = [];
  const frequency = new Uint32Array(terms.length + BUCKETS);
  for (const text of texts) {
    const row = countRow(text, places);
    for (const column of row.indices) frequency[column]! += 1;
    counted.push(row);
    await pace();
  }
  // Smoothed as if one more text held everything, so that what was never seen has a finite weight.
  const rarity = Float32Array.from(frequency, (count) => 1 + Math.log((1 + texts.length) / (1 + count)));
  for (const row of counted) weigh(row, terms.length, rarity);
  const axes = await findAxes(counted, frequency, random, algebra, pace);
  const noise = RANDOM_SHARE / Math.sqrt(TOPICS);
  for (let at = terms.length * TOPICS; at < axes.length; at++)
    axes[at]! += random.next() < 0.5 ? noise : -noise;
  return { terms, rarity, axes };
}

/** Over the columns that came at all: of a small project most buckets are empty. */
async function findAxes(
  rows: readonly WeightedRow[],
  frequency: Uint32Array,
  random: Random,
  algebra: Algebra,
  pace: Pace,
): Promise<Float32Array> {
  const seen = Uint32Array.from(frequency.keys()).filter((column) => frequency[column]! > 0);
  const placeOf = new Uint32Array(frequency.length);
  seen.forEach((column, place) => (placeOf[column] = place));
  const matrix = toMatrix(rows, seen.length);
  for (let at = 0; at < matrix.indices.length; at++) matrix.indices[at] = placeOf[matrix.indices[at]!]!;
  const found = await truncatedSvd(matrix, TOPICS, ITERATIONS, random, algebra, pace);
  const axes = new Float32Array(frequency.length * TOPICS);
  seen.forEach((column, place) =>
    axes.set(found.axes.subarray(place * TOPICS, (place + 1) * TOPICS), column * TOPICS),
  );
  return axes;
}

/** Where each hash of a list stands in it. */
export function placesOf(hashes: Uint32Array): ReadonlyMap<number, number> {
  return new Map(Array.from(hashes, (hash, place) => [hash, place]));
}

/** The weighted columns of one text. */
export function weightedRow(
  text: TextPieces,
  places: ReadonlyMap<number, number>,
  rarity: Float32Array,
): WeightedRow {
  const row = countRow(text, places);
  weigh(row, places.size, rarity);
  return row;
}

function frequentTerms(texts: readonly TextPieces[]): Uint32Array {
  const texts1 = new Map<number, number>();
  for (const text of texts)
    for (const term of new Set(termsOf(text))) texts1.set(term, (texts1.get(term) ?? 0) + 1);
  const frequent = [...texts1].filter(([, count]) => count >= MIN_TEXTS);
  frequent.sort(([a, many], [b, more]) => more - many || a - b);
  return Uint32Array.from(frequent.slice(0, MAX_TERMS), ([term]) => term);
}

function* termsOf({ words }: TextPieces): Generator<number> {
  for (let at = 0; at < words.length; at++) {
    yield words[at]!;
    if (at > 0) yield pairHash(words[at - 1]!, words[at]!);
  }
}

function countRow(text: TextPieces, places: ReadonlyMap<number, number>): WeightedRow {
  const counts = new Map<number, number>();
  for (const term of termsOf(text)) {
    const place = places.get(term);
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const total = counts.size + text.buckets.length;
  const indices = new Uint32Array(total);
  const values = new Float32Array(total);
  let at = 0;
  for (const [place, count] of counts) {
    indices[at] = place;
    values[at++] = 1 + Math.log(count);
  }
  for (let from = 0; from < text.buckets.length; from++) {
    indices[at] = places.size + text.buckets[from]!;
    values[at++] = 1 + Math.log(text.counts[from]!);
  }
  return { indices, values };
}

/** In place: rarity in, length out, so that long texts do not rule the axes. */
function weigh({ indices, values }: WeightedRow, terms: number, rarity: Float32Array): void {
  let words = 0;
  let characters = 0;
  for (let at = 0; at < indices.length; at++) {
    const value = (values[at]! *= rarity[indices[at]!]!);
    if (indices[at]! < terms) words += value * value;
    else characters += value * value;
  }
  const wordScale = words > 0 ? 1 / Math.sqrt(words) : 0;
  const characterScale = characters > 0 ? 1 / Math.sqrt(characters) : 0;
  for (let at = 0; at < indices.length; at++)
    values[at]! *= indices[at]! < terms ? wordScale : characterScale;
}

function toMatrix(rows: readonly WeightedRow[], columns: number): SparseMatrix {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach(({ indices }, row) => (offsets[row + 1] = offsets[row]! + indices.length));
  const total = offsets[rows.length]!;
  const matrix = {
    rows: rows.length,
    columns,
    offsets,
    indices: new Uint32Array(total),
    values: new Float32Array(total),
  };
  rows.forEach(({ indices, values }, row) => {
    matrix.indices.set(indices, offsets[row]);
    matrix.values.set(values, offsets[row]);
  });
  return matrix;
}
