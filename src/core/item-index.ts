// Which item lies at which row, and at which row an item lies: hashes in one typed column, found by open
// addressing. A million items take 48 MB; as strings in a Map they would take ten times that.

import type { ItemId, Row } from "./ids";

/** 32-bit words of a SHA-256. */
export const hashWords = 8;
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export class ItemIndex {
  #hashes = new Uint32Array(1024 * hashWords);
  /** Row + 1 of what hashes there; 0 where the slot is free. At most half are taken. */
  #slots = new Uint32Array(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param hashes the next rows' hashes, `hashWords` each, as `packItemIds` makes them. */
  append(hashes: Uint32Array): void {
    const rows = hashes.length / hashWords;
    this.reserve(this.#length + rows);
    this.#hashes.set(hashes, this.#length * hashWords);
    for (let row = this.#length; row < this.#length + rows; row++) this.#place(row);
    this.#length += rows;
  }

  /** @throws RangeError for a row there is not. */
  idOf(row: Row): ItemId {
    if (!(row >= 0 && row < this.#length))
      throw new RangeError(`There is no row ${row}; the project has ${this.#length}.`);
    return unpackItemId(this.#hashes, row);
  }

  /** undefined where the item is not (yet) in the project. */
  rowOf(itemId: ItemId): Row | undefined {
    const hash = packItemIds([itemId]);
    const mask = this.#slots.length - 1;
    for (let slot = hash[0]! & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]! - 1;
      if (row < 0) return undefined;
      if (this.#isAt(row, hash)) return row;
    }
  }

  #isAt(row: Row, hash: Uint32Array): boolean {
    for (let word = 0; word < hashWords; word++)
      if (this.#hashes[row * hashWords + word] !== hash[word]) return false;
    return true;
  }

  /**
   * Makes room for that many rows in all. Growing to a million a little at a time would place them all anew at
   * the last step, which holds the page up for 50 ms.
   */
  reserve(rows: number): void {
    if (rows * hashWords > this.#hashes.length) {
      const grown = new Uint32Array(Math.max(rows, (this.#hashes.length / hashWords) * 1.5) * hashWords);
      grown.set(this.#hashes);
      this.#hashes = grown;
    }
    let size = this.#slots.length;
    while (rows * 2 > size) size *= 2;
    if (size === this.#slots.length) return;
    this.#slots = new Uint32Array(size);
    for (let row = 0; row < this.#length; row++) this.#place(row);
  }

  #place(row: Row): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes[row * hashWords]! & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
  }
}

/** `hashWords` words an item, the first eight hexadecimal digits in the first. */
export function packItemIds(itemIds: readonly ItemId[]): Uint32Array<ArrayBuffer> {
  const packed = new Uint32Array(itemIds.length * hashWords);
  itemIds.forEach((itemId, at) => {
    for (let word = 0; word < hashWords; word++)
      packed[at * hashWords + word] = Number.parseInt(itemId.slice(word * 8, word * 8 + 8), 16);
  });
  return packed;
}

function unpackItemId(hashes: Uint32Array, row: Row): ItemId {
  let text = "";
  for (let at = row * hashWords; at < (row + 1) * hashWords; at++) {
    const word = hashes[at]!;
    text +=
      hexOfByte[word >>> 24]! +
      hexOfByte[(word >>> 16) & 255]! +
      hexOfByte[(word >>> 8) & 255]! +
      hexOfByte[word & 255]!;
  }
  return text as ItemId;
}
