// Learns what the person's images are made of: directions that many whitened patches share, by spherical
// k-means (Coates & Ng, Learning feature representations with k-means, 2012).

import type { Random } from "../../../src/core/random";
import type { Pace } from "../projection/pacing";
import { scaleToUnitLength } from "../projection/unit-length";
import type { PatchAlgebra } from "./patch-algebra";
import { learnWhitening, toFilter, whiten } from "./whitening";

/** The number the paper found enough. */
const ROUNDS = 10;
/** Patches compared between two chances to pause: about a millisecond. */
const CHUNK = 256;

/** `words` filters for raw patches: response = filter · patch - offset. */
export interface Dictionary {
  readonly filters: Float32Array;
  readonly offsets: Float32Array;
}

/** `patches` is count × length and is whitened in place. `words` must be a multiple of 4. */
export async function learnDictionary(
  patches: Float32Array,
  length: number,
  words: number,
  random: Random,
  algebra: PatchAlgebra,
  pace: Pace,
): Promise<Dictionary> {
  const count = patches.length / length;
  const whitening = learnWhitening(patches, count, length);
  for (let row = 0; row < count; row++) {
    whiten(patches.subarray(row * length, (row + 1) * length), whitening);
    if (row % CHUNK === 0) await pace();
  }
  const filters = await sphericalMeans(patches, length, words, random, algebra, pace);
  const offsets = new Float32Array(words);
  for (let word = 0; word < words; word++) {
    const filter = filters.subarray(word * length, (word + 1) * length);
    toFilter(filter, whitening);
    for (let at = 0; at < length; at++) offsets[word]! += filter[at]! * whitening.mean[at]!;
  }
  return { filters, offsets };
}

/** Rows of length 1. A word that no patch follows keeps its direction, so none is ever lost. */
async function sphericalMeans(
  patches: Float32Array,
  length: number,
  words: number,
  random: Random,
  algebra: PatchAlgebra,
  pace: Pace,
): Promise<Float32Array> {
  const means = Float32Array.from({ length: words * length }, () => random.normal());
  const normalise = () => {
    for (let word = 0; word < words; word++)
      scaleToUnitLength(means.subarray(word * length, (word + 1) * length));
  };
  normalise();
  const count = patches.length / length;
  algebra.holdPatches(patches, length);
  for (let round = 0; round < ROUNDS; round++) {
    // The old direction as one more patch is the paper's damping.
    const sums = means.slice();
    for (let first = 0; first < count; first += CHUNK) {
      algebra.addToNearest(first, Math.min(count, first + CHUNK), means, sums);
      await pace();
    }
    means.set(sums);
    normalise();
  }
  return means;
}
