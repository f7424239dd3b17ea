// What the image encoder does with patches, in WebAssembly: pooling an image over a dictionary, and one round of
// the k-means that learns one. As workers/encoders/patches does it plainly, up to the order of summation.

import { compileModule, startModule } from "./instance";

/** Row-major planes of one size; colours are half the sums of 2 × 2 squares. */
interface PatchPlanes {
  readonly width: number;
  readonly light: Float32Array;
  readonly redGreen: Float32Array;
  readonly blueYellow: Float32Array;
}

interface Filters {
  /** words × patch length; words a multiple of 4. */
  readonly filters: Float32Array;
  readonly offsets: Float32Array;
}

/** Where patches are looked at: `step` pixels apart, as many along each side, in grid × grid cells. */
export interface PatchPlaces {
  readonly across: number;
  readonly down: number;
  readonly stepAcross: number;
  readonly stepDown: number;
  readonly grid: number;
}

export interface PatchProducts {
  /** Takes the dictionaries of the levels for the images to come. */
  hold(dictionaries: readonly Filters[]): void;
  /** Writes the sums of each cell, then the peaks, of one level. */
  pool(planes: PatchPlanes, level: number, places: PatchPlaces, threshold: number, out: Float32Array): void;
  /** Takes patches (count × length) for the rounds to come. */
  holdPatches(patches: Float32Array, length: number): void;
  /** Adds patches `first` … `last` − 1 to the sums of the words (words × length, the words likewise) nearest to them. */
  addToNearest(first: number, last: number, words: Float32Array, sums: Float32Array): void;
}

const pageBytes = 65536;
/** As in ./assembly/patches.ts. */
const patchStride = 56;
const patchBytes = 4 * patchStride;
/** A block's result is written in tiles of up to eight rows. */
const tileRows = 8;

/** Rejects where there is no WebAssembly with SIMD. Its memory lives as long as what is returned. */
export async function createPatchProducts(): Promise<PatchProducts> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536 });
  const wasm = await startModule(await compileModule(), memory);
  /** End of what is held. */
  let kept = pageBytes;
  let held: { readonly packed: number; readonly offsets: number; readonly words: number }[] = [];
  let patchLength = 0;

  function reach(end: number): void {
    const missing = Math.ceil(end / pageBytes) - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
  }

  /** Hands out memory from `kept` on, in turn; the next call's takes it over. */
  function scratch(): (floats: number) => number {
    let top = kept;
    return (floats) => {
      const at = top;
      top += 16 * Math.ceil(floats / 4);
      reach(top);
      return at;
    };
  }

  const view = (at: number, length: number) => new Float32Array(memory.buffer, at, length);

  /** Rows of `length` at `at`, one patch apart, zero between. */
  function spread(rows: Float32Array, length: number, at: number): void {
    const count = rows.length / length;
    const to = view(at, count * patchStride).fill(0);
    for (let row = 0; row < count; row++)
      to.set(rows.subarray(row * length, (row + 1) * length), row * patchStride);
  }

  /** Packs rows as the columns of the products to come; needs as much scratch again. */
  function pack(rows: Float32Array, length: number, given: number, packed: number): void {
    spread(rows, length, given);
    wasm.layOut(given, patchStride, 0, 0, 0, 0);
    wasm.packRows(0, given, rows.length / length, packed);
  }

  return {
    hold(dictionaries) {
      kept = pageBytes;
      held = [];
      for (const { filters, offsets } of dictionaries) {
        const words = offsets.length;
        const take = scratch();
        const own = { packed: take(words * patchStride), offsets: take(words), words };
        const end = take(0);
        pack(filters, filters.length / words, take(words * patchStride), own.packed);
        view(own.offsets, words).set(offsets);
        held.push(own);
        kept = end;
      }
    },

    pool({ width, light, redGreen, blueYellow }, level, places, threshold, out) {
      const { across, down, stepAcross, stepDown, grid } = places;
      const { packed, offsets, words } = held[level]!;
      const take = scratch();
      const planes = [light, redGreen, blueYellow].map((plane) => {
        const at = take(plane.length);
        view(at, plane.length).set(plane);
        return at;
      });
      const patches = take(across * patchStride);
      const responses = take((across + tileRows) * words);
      const pooled = take(out.length);
      view(pooled, out.length).fill(0);
      const peaks = pooled + 4 * grid * grid * 2 * words;
      wasm.layOut(patches, patchStride, 0, 0, 0, 0);
      for (let y = 0; y < down; y++) {
        const row = 4 * y * stepDown * width;
        const [one, two, three] = planes.map((plane) => plane + row);
        wasm.cutPatches(one!, two!, three!, 4 * width, stepAcross, across, patches);
        wasm.multiplyBlock(0, 0, across, packed, words, responses);
        for (let column = 0, from = 0; column < grid; column++) {
          const to = Math.ceil(((column + 1) * across) / grid);
          const cell = Math.floor((y * grid) / down) * grid + column;
          const sums = pooled + 4 * cell * 2 * words;
          wasm.poolResponses(responses + 4 * from * words, to - from, words, offsets, threshold, sums, peaks);
          from = to;
        }
      }
      out.set(view(pooled, out.length));
    },

    holdPatches(patches, length) {
      patchLength = length;
      held = [];
      kept = pageBytes;
      const take = scratch();
      const count = patches.length / length;
      spread(patches, length, take(count * patchStride));
      kept = take(0);
    },

    addToNearest(first, last, words, sums) {
      const count = words.length / patchLength;
      const take = scratch();
      const given = take(words.length + count * (patchStride - patchLength));
      const packed = take(count * patchStride);
      const products = take((last - first + tileRows) * count);
      pack(words, patchLength, given, packed);
      spread(sums, patchLength, given);
      wasm.layOut(pageBytes, patchStride, 0, 0, 0, 0);
      wasm.multiplyBlock(0, first, last - first, packed, count, products);
      wasm.addToNearest(pageBytes + first * patchBytes, last - first, products, count, given);
      const found = view(given, count * patchStride);
      for (let word = 0; word < count; word++)
        sums.set(found.subarray(word * patchStride, word * patchStride + patchLength), word * patchLength);
    },
  };
}
