// The heavy part of looking at patches, in WebAssembly where the browser has it and in plain JavaScript where not;
// both agree up to the order of summation.

import { createPatchProducts } from "../../compute/wasm/patch-products";
import type { Planes } from "../image-features/planes";
import type { Dictionary } from "./dictionary";
import { dotProducts, ROW_BLOCK } from "./dot-products";
import { toPatchPlanes } from "./patch-reader";
import { patchPlaces, poolPatches, THRESHOLD, toMeans } from "./pooling";

export interface PatchAlgebra {
  /** Takes the dictionaries of the levels for the images to come. */
  hold(dictionaries: readonly Dictionary[]): void;
  /** Writes what one level of an image is made of: means by cell, then peaks (`pooledLengths`). */
  pool(planes: Planes, level: number, out: Float32Array): void;
  /** Takes patches, count × length, for the rounds to come, instead of dictionaries. */
  holdPatches(patches: Float32Array, length: number): void;
  /**
   * Adds each of the patches `first` … `last` − 1 to the sum of the word it resembles most, bright for dark as well,
   * by its product with it.
   * @param words a multiple of 4, each as long as a patch, one after the other; so are `sums`.
   */
  addToNearest(first: number, last: number, words: Float32Array, sums: Float32Array): void;
}

export async function openPatchAlgebra(): Promise<PatchAlgebra> {
  // A saved page may not be allowed WebAssembly, and old browsers lack its SIMD.
  const products = await createPatchProducts().catch(() => null);
  if (!products) return plainPatchAlgebra();
  let words = 0;
  return {
    hold(dictionaries) {
      words = dictionaries[0]?.offsets.length ?? 0;
      products.hold(dictionaries);
    },
    pool(planes, level, out) {
      const places = patchPlaces(planes);
      products.pool(toPatchPlanes(planes), level, places, THRESHOLD, out);
      toMeans(out, places, words);
    },
    holdPatches: products.holdPatches,
    addToNearest: products.addToNearest,
  };
}

/** The same in plain JavaScript. */
export function plainPatchAlgebra(): PatchAlgebra {
  let held: readonly Dictionary[] = [];
  let patches = new Float32Array(0);
  let length = 0;
  return {
    hold: (dictionaries) => void (held = dictionaries),
    pool(planes, level, out) {
      poolPatches(toPatchPlanes(planes), held[level]!, out);
      toMeans(out, patchPlaces(planes), held[level]!.offsets.length);
    },
    holdPatches: (taken, lengthOfTaken) =>
      void ([patches, length] = [taken as Float32Array<ArrayBuffer>, lengthOfTaken]),
    addToNearest(first, last, words, sums) {
      const rows = ROW_BLOCK * Math.ceil((last - first) / ROW_BLOCK);
      const block = new Float32Array(rows * length);
      block.set(patches.subarray(first * length, last * length));
      const count = words.length / length;
      const products = new Float32Array(rows * count);
      dotProducts(block, rows, words, count, length, products);
      for (let row = 0; row < last - first; row++) {
        const own = products.subarray(row * count, (row + 1) * count);
        let nearest = 0;
        for (let word = 1; word < count; word++)
          if (Math.abs(own[word]!) > Math.abs(own[nearest]!)) nearest = word;
        for (let at = 0; at < length; at++)
          sums[nearest * length + at]! += own[nearest]! * block[row * length + at]!;
      }
    },
  };
}
