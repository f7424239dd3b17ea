// Counts which words stand near which in a set of texts: a hash table of pairs in typed arrays, since a Map of
// millions of pairs would take gigabytes.

import type { Pace } from "../projection/pacing";

/** Each unordered pair once. */
export interface PairCounts {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly weights: Float32Array;
}

/** Words up to this far apart are near; a neighbour counts fully, the farthest a fraction. */
const WINDOW = 8;
/** 96 MB of table at most; pairs beyond it are not taken up, those in it still counted. */
const MAX_PAIRS = 6_000_000;

/**
 * @param sequences words as indices below `size`, -1 for those not counted, which keep their place.
 * `size` is at most 65,536.
 */
export async function countPairs(
  sequences: readonly Int32Array[],
  size: number,
  pace: Pace,
): Promise<PairCounts> {
  const table = createTable();
  for (const sequence of sequences) {
    for (let at = 0; at < sequence.length; at++) {
      const word = sequence[at]!;
      if (word < 0) continue;
      const end = Math.min(sequence.length, at + WINDOW + 1);
      for (let other = at + 1; other < end; other++) {
        const near = sequence[other]!;
        if (near < 0) continue;
        const weight = (WINDOW + 1 - (other - at)) / WINDOW;
        table.add(word < near ? word * size + near : near * size + word, weight);
      }
    }
    await pace();
  }
  return table.list(size);
}

function createTable() {
  const empty = 0xffffffff;
  let mask = (1 << 16) - 1;
  let keys = new Uint32Array(mask + 1).fill(empty);
  let weights = new Float32Array(mask + 1);
  let used = 0;

  const slotOf = (key: number) => {
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (keys[slot] !== empty && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  };
  function grow(): void {
    const [oldKeys, oldWeights] = [keys, weights];
    mask = 2 * mask + 1;
    keys = new Uint32Array(mask + 1).fill(empty);
    weights = new Float32Array(mask + 1);
    oldKeys.forEach((key, at) => {
      if (key === empty) return;
      const slot = slotOf(key);
      keys[slot] = key;
      weights[slot] = oldWeights[at]!;
    });
  }

  return {
    add(key: number, weight: number): void {
      const slot = slotOf(key);
      if (keys[slot] === key) weights[slot]! += weight;
      else if (used < MAX_PAIRS) {
        keys[slot] = key;
        weights[slot] = weight;
        if (++used > 0.6 * mask) grow();
      }
    },
    list(size: number): PairCounts {
      const order = Uint32Array.from(keys.filter((key) => key !== empty)).sort();
      return {
        first: order.map((key) => Math.floor(key / size)),
        second: order.map((key) => key % size),
        weights: Float32Array.from(order, (key) => weights[slotOf(key)]!),
      };
    },
  };
}
