// Cuts a text into words and counts the character sequences inside them, for any script. Nothing is thrown away:
// stop words, digits and punctuation tell questions and messages apart.

/** Character sequences fall into one of 2^15 buckets. */
export const BUCKETS = 1 << 15;
/** A text is read up to here: some ten pages. */
export const MAX_CHARACTERS = 20_000;
const SHORTEST = 2;
const LONGEST = 5;

/** What is read of one text. */
export interface TextPieces {
  /** A hash of each word, in reading order. */
  readonly words: Uint32Array;
  /** Buckets of the character sequences, each once. */
  readonly buckets: Uint32Array;
  /** How often each bucket came. */
  readonly counts: Uint32Array;
}

// A fixed locale, or the same text would be cut differently from browser to browser.
const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/** A reader of its own per call chain: it counts in one scratch table. */
export function createTextReader(): (text: string) => TextPieces {
  const table = new Uint32Array(BUCKETS);
  const points: number[] = [];
  return (text) => {
    const words: number[] = [];
    const touched: number[] = [];
    for (const segment of segmentsOf(text)) {
      toPoints(segment, points);
      words.push(hashOf(points));
      countSequences(points, table, touched);
    }
    const buckets = Uint32Array.from(touched);
    const counts = buckets.map((bucket) => table[bucket]!);
    for (const bucket of touched) table[bucket] = 0;
    return { words: Uint32Array.from(words), buckets, counts };
  };
}

/** Of a word and the one after it. */
export function pairHash(word: number, next: number): number {
  return mix(Math.imul(word, 31) ^ next);
}

/** The words and signs of a text, in reading order. */
export function* segmentsOf(text: string): Generator<string> {
  // Cut before, to bound the work, and after: NFKC makes 18 characters out of some single ones.
  const clean = text.slice(0, MAX_CHARACTERS).normalize("NFKC").toLowerCase().slice(0, MAX_CHARACTERS);
  if (!ascii.test(clean)) yield* wordsOf(clean);
  // ASCII words never reach across a space, and letters and digits never part: the segmenter, by far the slowest
  // step of reading, need only see what holds a sign.
  else
    for (const run of clean.split(asciiSpace)) {
      if (plainWord.test(run)) yield run;
      else if (run !== "") yield* wordsOf(run);
    }
}

const ascii = /^[\0-\x7f]*$/;
const asciiSpace = /[ \t\n\v\f\r]+/;
const plainWord = /^[a-z0-9]+$/;

function* wordsOf(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) if (segment.trim() !== "") yield segment;
}

/** With a space at both ends, which tells a word's start and end from its middle. */
function toPoints(segment: string, points: number[]): void {
  const space = 32;
  points.length = 0;
  points.push(space);
  for (let at = 0; at < segment.length;) {
    const point = segment.codePointAt(at)!;
    points.push(point);
    at += point > 0xffff ? 2 : 1;
  }
  points.push(space);
}

function hashOf(points: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const point of points) hash = Math.imul(hash ^ point, 0x01000193);
  return mix(hash);
}

/** Sequences of 2 to 5 code points. */
function countSequences(points: readonly number[], table: Uint32Array, touched: number[]): void {
  for (let start = 0; start < points.length; start++) {
    const end = Math.min(points.length, start + LONGEST);
    let hash = 0x2545f491;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ points[at]!, 0x01000193);
      if (at - start + 1 < SHORTEST) continue;
      const bucket = mix(hash) % BUCKETS;
      if (table[bucket]!++ === 0) touched.push(bucket);
    }
  }
}

/** FNV leaves its low bits poorly mixed; this is the start of MurmurHash3's finaliser. */
function mix(hash: number): number {
  const folded = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (folded ^ (folded >>> 13)) >>> 0;
}
