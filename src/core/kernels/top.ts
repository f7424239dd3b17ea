// The best few of many, without sorting them all.

import { throwIfExhausted } from "../errors";

/**
 * The `count` candidates with the highest scores, best first. Ties go to the lowest row; a score that is not a
 * number ranks below every other.
 * @param scores one for each row of the matrix, not for each candidate.
 * @throws PoolExhausted when count exceeds the candidates.
 */
export function topRows(candidates: Uint32Array, scores: Float32Array, count: number): Uint32Array {
  throwIfExhausted(count, candidates.length);
  const isWorse = (left: number, right: number) => {
    const a = scores[left]!;
    const b = scores[right]!;
    if (a < b) return true;
    if (a > b) return false;
    const missing = Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return missing === 0 ? left > right : missing > 0;
  };
  // A heap with the worst of the chosen on top, so that most candidates cost one comparison.
  const heap: number[] = [];
  const sink = (from: number) => {
    const row = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isWorse(heap[child + 1]!, heap[child]!)) child++;
      if (!isWorse(heap[child]!, row)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = row;
  };
  for (const row of candidates) {
    if (heap.length < count) {
      heap.push(row);
      if (heap.length === count) for (let at = count >> 1; at >= 0; at--) sink(at);
    } else if (count > 0 && isWorse(heap[0]!, row)) {
      heap[0] = row;
      sink(0);
    }
  }
  return Uint32Array.from(heap.sort((left, right) => (isWorse(left, right) ? 1 : -1)));
}
