// Identities that are stored and cross threads. Branded, so that a row can never stand in for an item.
// Making ids needs time and randomness, which the caller passes in.

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** SHA-256 of the item's bytes, 64 lower-case hex digits. */
export type ItemId = Brand<string, "ItemId">;
export type ProjectId = Brand<string, "ProjectId">;
export type ClassId = Brand<string, "ClassId">;
/** 26 characters of Crockford base 32: 10 of time, 16 of randomness. Sorts by time. */
export type EventId = Brand<string, "EventId">;
/** Position of an item in the project's matrices, counted from 0 in order of import, never reused. */
export type Row = number;

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const timeDigits = 10;
const randomDigits = 16;

export interface IdSource {
  /** Milliseconds since 1970. */
  now(): number;
  /** Uniform in [0, 1). Ids must differ between machines, so this is the one place that wants true randomness. */
  random(): number;
  /** The highest id known so far, whoever made it; "" where there is none. */
  highest?(): string;
}

/**
 * Makes ids in the ULID layout. Two ids of one source are always in order, also within one millisecond and
 * when the clock is set back: the random part is then counted up instead of drawn anew. Where the source knows
 * ids of others, new ones sort after those too: a machine whose clock is fast would else have the last word.
 */
export function createIdMaker(source: IdSource): () => string {
  let lastMs = -1;
  let known = "";
  let afterKnown = 0;
  let digits: number[] = [];
  return () => {
    const highest = source.highest?.() ?? "";
    if (highest !== known) [known, afterKnown] = [highest, momentOf(highest) + 1];
    const nowMs = Math.max(0, Math.floor(source.now()), afterKnown);
    if (nowMs > lastMs) {
      lastMs = nowMs;
      // The top bit stays clear, so that counting up has room for 2^79 ids before it would wrap.
      digits = Array.from({ length: randomDigits }, (_, place) =>
        Math.floor(source.random() * (place === 0 ? 16 : 32)),
      );
    } else {
      let place = randomDigits - 1;
      while (digits[place] === 31) digits[place--] = 0;
      digits[place]! += 1;
    }
    return encodeTime(lastMs) + digits.map((digit) => alphabet[digit]).join("");
  };
}

/** Milliseconds since 1970 in an id, at most the last but one it can hold, so that there is always a later one. */
export function momentOf(id: string): number {
  let ms = 0;
  for (let place = 0; place < timeDigits; place++) {
    const letter = id[place] ?? alphabet[0]!;
    // Ids of strangers may have letters that are none of ours; counting those below keeps the order.
    let value = 0;
    while (value < 31 && alphabet[value]! < letter) value++;
    ms = ms * 32 + value;
  }
  return Math.min(ms, 32 ** timeDigits - 2);
}

/** The lowest id there can be of this moment: everything later sorts after it. */
export function firstIdAt(ms: number): string {
  return encodeTime(Math.max(0, Math.floor(ms))) + alphabet[0]!.repeat(randomDigits);
}

function encodeTime(ms: number): string {
  let text = "";
  for (let place = 0; place < timeDigits; place++) {
    text = alphabet[ms % 32]! + text;
    ms = Math.floor(ms / 32);
  }
  return text;
}
