// Word vectors from the person's own texts: which words stand near which, as positive pointwise mutual information,
// folded by a singular value decomposition (Levy & Goldberg, NIPS 2014), weighted so that their plain sum is the
// smooth inverse frequency embedding of a text (Arora, Liang & Ma, ICLR 2017).

import type { Random } from "../../../src/core/random";
import type { Algebra } from "../projection/algebra";
import type { Pace } from "../projection/pacing";
import type { SparseMatrix } from "../projection/sparse-matrix";
import { truncatedSvd } from "../projection/truncated-svd";
import { countPairs, type PairCounts } from "./pair-counts";
import type { TextPieces } from "./tokens";

export const WORD_DIMS = 200;
const MIN_COUNT = 2;
const MAX_WORDS = 20_000;
/** Context words are taken with this power of their frequency: rare ones would otherwise rule. */
const CONTEXT_POWER = 0.75;
/** How fast frequent words lose weight. */
const SMOOTHING = 1e-3;
const ITERATIONS = 2;

export interface WordVectors {
  /** Hashes of the words. */
  readonly words: Uint32Array;
  /** words × WORD_DIMS, row-major. */
  readonly vectors: Float32Array;
}

export async function learnWordVectors(
  texts: readonly TextPieces[],
  random: Random,
  algebra: Algebra,
  pace: Pace,
): Promise<WordVectors> {
  const { words, counts, total } = frequentWords(texts);
  const places = new Map(Array.from(words, (hash, place) => [hash, place]));
  const sequences: Int32Array[] = [];
  for (const text of texts) {
    sequences.push(Int32Array.from(text.words, (hash) => places.get(hash) ?? -1));
    await pace();
  }
  const pairs = await countPairs(sequences, words.length, pace);
  const information = toInformation(pairs, words.length);
  // In full on the side of the words: split between word and context measured 1.7 points worse (AG News, TREC-6).
  const { axes: vectors, strengths } = await truncatedSvd(
    information,
    WORD_DIMS,
    ITERATIONS,
    random,
    algebra,
    pace,
  );
  counts.forEach((count, word) => {
    const weight = SMOOTHING / (SMOOTHING + count / total);
    for (let dim = 0; dim < WORD_DIMS; dim++) vectors[word * WORD_DIMS + dim]! *= weight * strengths[dim]!;
  });
  await removeCommon(vectors, sequences, words.length, algebra, pace);
  return { words, vectors };
}

function frequentWords(texts: readonly TextPieces[]): {
  readonly words: Uint32Array;
  readonly counts: Uint32Array;
  readonly total: number;
} {
  const found = new Map<number, number>();
  let total = 0;
  for (const { words } of texts) {
    total += words.length;
    for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
  }
  const frequent = [...found].filter(([, count]) => count >= MIN_COUNT);
  frequent.sort(([a, many], [b, more]) => more - many || a - b);
  frequent.length = Math.min(frequent.length, MAX_WORDS);
  return {
    words: Uint32Array.from(frequent, ([word]) => word),
    counts: Uint32Array.from(frequent, ([, count]) => count),
    total,
  };
}

/** How much likelier a word stands near another than by chance, in nats; what is less likely is left out. */
function toInformation({ first, second, weights }: PairCounts, size: number): SparseMatrix {
  const sums = new Float64Array(size);
  for (let at = 0; at < weights.length; at++) {
    sums[first[at]!]! += weights[at]!;
    if (first[at] !== second[at]) sums[second[at]!]! += weights[at]!;
  }
  const contexts = sums.map((sum) => sum ** CONTEXT_POWER);
  const allContexts = contexts.reduce((sum, value) => sum + value, 0);
  const shift = Math.log(allContexts);
  const logSums = sums.map(Math.log);
  const logContexts = contexts.map(Math.log);
  const information = (weight: number, word: number, context: number) =>
    Math.max(0, Math.log(weight) + shift - logSums[word]! - logContexts[context]!);
  const offsets = new Uint32Array(size + 1);
  for (let at = 0; at < weights.length; at++) {
    offsets[first[at]! + 1]! += 1;
    if (first[at] !== second[at]) offsets[second[at]! + 1]! += 1;
  }
  for (let word = 0; word < size; word++) offsets[word + 1]! += offsets[word]!;
  const next = offsets.slice();
  const indices = new Uint32Array(offsets[size]!);
  const values = new Float32Array(offsets[size]!);
  for (let at = 0; at < weights.length; at++) {
    const [one, two] = [first[at]!, second[at]!];
    let place = next[one]!++;
    indices[place] = two;
    values[place] = information(weights[at]!, one, two);
    if (one === two) continue;
    place = next[two]!++;
    indices[place] = one;
    values[place] = information(weights[at]!, two, one);
  }
  return { rows: size, columns: size, offsets, indices, values };
}

/**
 * Takes out the direction that all texts share most, by power iteration over their sums. It is taken out of every
 * word, which is the same as out of every text.
 */
async function removeCommon(
  vectors: Float32Array,
  sequences: readonly Int32Array[],
  words: number,
  algebra: Algebra,
  pace: Pace,
): Promise<void> {
  const texts = toSums(sequences, words);
  const places = await algebra.multiply(texts, vectors, WORD_DIMS, pace);
  for (let row = 0; row < texts.rows; row++) scaleRow(places, row);
  let common = new Float64Array(WORD_DIMS).fill(1);
  for (let turn = 0; turn < 20; turn++) {
    const next = new Float64Array(WORD_DIMS);
    for (let row = 0; row < texts.rows; row++) {
      let along = 0;
      for (let dim = 0; dim < WORD_DIMS; dim++) along += places[row * WORD_DIMS + dim]! * common[dim]!;
      for (let dim = 0; dim < WORD_DIMS; dim++) next[dim]! += along * places[row * WORD_DIMS + dim]!;
    }
    const length = Math.hypot(...next);
    if (length === 0) return;
    common = next.map((value) => value / length);
    await pace();
  }
  for (let word = 0; word < words; word++) {
    let along = 0;
    for (let dim = 0; dim < WORD_DIMS; dim++) along += vectors[word * WORD_DIMS + dim]! * common[dim]!;
    for (let dim = 0; dim < WORD_DIMS; dim++) vectors[word * WORD_DIMS + dim]! -= along * common[dim]!;
  }
}

function scaleRow(places: Float32Array, row: number): void {
  let squares = 0;
  for (let dim = 0; dim < WORD_DIMS; dim++) squares += places[row * WORD_DIMS + dim]! ** 2;
  if (squares > 0)
    for (let dim = 0; dim < WORD_DIMS; dim++) places[row * WORD_DIMS + dim]! /= Math.sqrt(squares);
}

/** texts × words: how often each known word comes. */
function toSums(sequences: readonly Int32Array[], words: number): SparseMatrix {
  const known = sequences.map((sequence) => sequence.filter((word) => word >= 0));
  const offsets = new Uint32Array(known.length + 1);
  known.forEach((sequence, row) => (offsets[row + 1] = offsets[row]! + sequence.length));
  const indices = new Uint32Array(offsets[known.length]!);
  known.forEach((sequence, row) => indices.set(sequence, offsets[row]));
  return {
    rows: known.length,
    columns: words,
    offsets,
    indices,
    values: new Float32Array(indices.length).fill(1),
  };
}
