// The text encoder: topics of a text (latent semantic analysis of words and spelling) beside the mean of its word
// vectors (smooth inverse frequency), both learnt from the person's own texts. No weights to ship.

import { type StopSignal, throwIfStopped } from "../../src/core/errors";
import { createRandom } from "../../src/core/random";
import type { TermRows } from "../../src/core/learning/terms";
import type { EncodedTexts, EncoderState, TextItemEncoder } from "./encoder";
import { openedOnce } from "./projection/opened-state";
import { openAlgebra } from "./projection/algebra";
import { createPace } from "./projection/pacing";
import { openProjector, type Projector, type WeightedRows } from "./projection/projector";
import { scaleToUnitLength } from "./projection/unit-length";
import { createTextReader, type TextPieces } from "./text-features/tokens";
import { learnTopics, placesOf, TOPICS, weightedRow, type WeightedRow } from "./text-features/topics";
import { learnWordVectors, WORD_DIMS } from "./text-features/word-vectors";

const DIMS = TOPICS + WORD_DIMS;
/** Bounds learning: some 20,000 short texts or 500 long ones, a minute at most. */
const MAX_SAMPLE = 20_000;
const MAX_SAMPLE_PIECES = 8_000_000;
/** Terms kept of one text: all of some 250 words, three kilobytes at most. */
const MAX_TEXT_TERMS = 500;
/** Of the time of learning, about what the topics take; the word vectors take the rest. */
const TOPICS_SHARE = 0.5;

async function learn(
  items: AsyncIterable<string>,
  seed: number,
  stop: StopSignal | null,
  report: (share: number) => void = () => {},
): Promise<EncoderState> {
  const pace = createPace(stop);
  const read = createTextReader();
  const texts: TextPieces[] = [];
  let pieces = 0;
  for await (const text of items) {
    throwIfStopped(stop);
    const found = read(text);
    texts.push(found);
    pieces += found.buckets.length + found.words.length;
    if (texts.length >= MAX_SAMPLE || pieces >= MAX_SAMPLE_PIECES) break;
  }
  const algebra = await openAlgebra();
  const random = createRandom(seed).fork("lsa-sif");
  report(0);
  const topics = await learnTopics(texts, random.fork("topics"), algebra, pace);
  report(TOPICS_SHARE);
  const wordVectors = await learnWordVectors(texts, random.fork("word vectors"), algebra, pace);
  return { ...topics, ...wordVectors };
}

interface Learnt {
  readonly termPlaces: ReadonlyMap<number, number>;
  readonly wordPlaces: ReadonlyMap<number, number>;
  readonly rarity: Float32Array;
  readonly topics: Projector;
  readonly words: Projector;
}

const open = openedOnce(prepare);

async function prepare(state: EncoderState): Promise<Learnt> {
  return {
    termPlaces: placesOf(state["terms"] as Uint32Array),
    wordPlaces: placesOf(state["words"] as Uint32Array),
    rarity: state["rarity"] as Float32Array,
    topics: await openProjector(state["axes"] as Float32Array, TOPICS),
    words: await openProjector(state["vectors"] as Float32Array, WORD_DIMS),
  };
}

async function encodeWithTerms(inputs: readonly string[], state: EncoderState): Promise<EncodedTexts> {
  const { termPlaces, wordPlaces, rarity, topics, words } = await open(state);
  const read = createTextReader();
  const texts = inputs.map(read);
  const rows = texts.map((text) => weightedRow(text, termPlaces, rarity));
  const ofTopics = topics(rows);
  const ofWords = words(texts.map((text) => knownWords(text, wordPlaces)));
  const embeddings = new Float32Array(inputs.length * DIMS);
  for (let row = 0; row < inputs.length; row++) {
    const place = embeddings.subarray(row * DIMS, (row + 1) * DIMS);
    const [first, rest] = [place.subarray(0, TOPICS), place.subarray(TOPICS)];
    first.set(ofTopics.subarray(row * TOPICS, (row + 1) * TOPICS));
    rest.set(ofWords.subarray(row * WORD_DIMS, (row + 1) * WORD_DIMS));
    scaleToUnitLength(first);
    scaleToUnitLength(rest);
    scaleToUnitLength(place);
  }
  return { values: embeddings, terms: termsOf(rows, termPlaces.size) };
}

function knownWords({ words }: TextPieces, places: ReadonlyMap<number, number>): WeightedRows {
  const indices = words.map((word) => places.get(word) ?? unknown).filter((at) => at !== unknown);
  return { indices, values: new Float32Array(indices.length).fill(1) };
}

/** Words and pairs without the character sequences, which say the same again at five times the length. */
function termsOf(rows: readonly WeightedRow[], columns: number): TermRows {
  const kept = rows.map((row) => heaviestTerms(row, columns));
  const offsets = new Uint32Array(rows.length + 1);
  kept.forEach((places, row) => (offsets[row + 1] = offsets[row]! + places.length));
  const indices = new Uint16Array(offsets[rows.length]!);
  const values = new Float32Array(indices.length);
  kept.forEach((places, row) => {
    let squares = 0;
    for (const place of places) squares += rows[row]!.values[place]! ** 2;
    places.forEach((place, at) => {
      indices[offsets[row]! + at] = rows[row]!.indices[place]!;
      values[offsets[row]! + at] = rows[row]!.values[place]! / Math.sqrt(squares);
    });
  });
  return { rows: rows.length, columns, offsets, indices, values };
}

/** Places in the row of its terms, ascending; of a long text those that weigh most. */
function heaviestTerms({ indices, values }: WeightedRow, terms: number): number[] {
  const places = [...indices.keys()].filter((at) => indices[at]! < terms);
  if (places.length <= MAX_TEXT_TERMS) return places;
  return places
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, MAX_TEXT_TERMS)
    .sort((a, b) => a - b);
}

const unknown = 0xffffffff;

export const encoder: TextItemEncoder = {
  id: "lsa-sif",
  version: 1,
  kind: "text",
  label: "Words, spelling and company",
  summary:
    "Compares texts by their words, parts of words and the words that keep them company, learnt from your own texts.",
  paper:
    "Deerwester et al., Indexing by latent semantic analysis, 1990; Arora, Liang & Ma, A simple but tough-to-beat baseline for sentence embeddings, 2017",
  dims: DIMS,
  learn,
  encode: async (inputs, state) => (await encodeWithTerms(inputs, state)).values,
  encodeWithTerms,
};
