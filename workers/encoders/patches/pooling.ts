// Sums an image up by its patches: how strongly each word of the dictionary is present in each part of the
// image, and how strongly at its best place anywhere. The second is what a small defect shows in.

import type { PatchPlaces } from "../../compute/wasm/patch-products";
import type { Planes } from "../image-features/planes";
import type { Dictionary } from "./dictionary";
import { dotProducts, ROW_BLOCK } from "./dot-products";
import { createPatchReader, PATCH_LENGTH, PATCH_SIDE } from "./patch-reader";

/** Cells a side, whatever the image's shape. 2 measured up to 1 point worse on the sample project. */
const GRID = 3;
const CELLS = GRID * GRID;
/** Responses nearer to 0 than this say nothing (soft threshold, Coates & Ng, ICML 2011). */
export const THRESHOLD = 0.25;
/** Positions a side, at most: beyond, only every second or third is looked at. */
const MOST_POSITIONS = 32;

/** Means by cell, then the strongest responses; positive and negative responses are words of their own. */
export function pooledLengths(words: number): { means: number; peaks: number } {
  return { means: CELLS * 2 * words, peaks: 2 * words };
}

/** Where patches are looked at in planes of this size. */
export function patchPlaces({ width, height }: Planes): PatchPlaces {
  const [wide, high] = [width - PATCH_SIDE + 1, height - PATCH_SIDE + 1];
  const stepAcross = Math.ceil(wide / MOST_POSITIONS);
  const stepDown = Math.ceil(high / MOST_POSITIONS);
  const across = Math.ceil(wide / stepAcross);
  return { across, down: Math.ceil(high / stepDown), stepAcross, stepDown, grid: GRID };
}

/** Turns the sums of the cells at the start of `out` into means. */
export function toMeans(out: Float32Array, { across, down }: PatchPlaces, words: number): void {
  const share = (total: number, cell: number) =>
    Math.ceil(((cell + 1) * total) / GRID) - Math.ceil((cell * total) / GRID);
  for (let cell = 0; cell < CELLS; cell++) {
    const count = share(across, cell % GRID) * share(down, Math.floor(cell / GRID));
    for (let at = cell * 2 * words; at < (cell + 1) * 2 * words; at++) out[at]! /= Math.max(1, count);
  }
}

/** Reads one level of the pyramid into `out`: sums by cell, then peaks. The plain way of ./patch-algebra.ts. */
export function poolPatches(planes: Planes, { filters, offsets }: Dictionary, out: Float32Array): void {
  const words = offsets.length;
  const reader = createPatchReader(planes);
  const { across, down, stepAcross, stepDown } = patchPlaces(planes);
  const rows = Math.ceil(across / ROW_BLOCK) * ROW_BLOCK;
  const patches = new Float32Array(rows * PATCH_LENGTH);
  const responses = new Float32Array(rows * words);
  const peaks = out.subarray(CELLS * 2 * words);
  out.fill(0);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) reader.read(x * stepAcross, y * stepDown, patches, x * PATCH_LENGTH);
    dotProducts(patches, rows, filters, words, PATCH_LENGTH, responses);
    const cellRow = Math.floor((y * GRID) / down) * GRID;
    for (let x = 0; x < across; x++) {
      const cell = cellRow + Math.floor((x * GRID) / across);
      addResponses(responses, x * words, offsets, out, cell * 2 * words, peaks);
    }
  }
}

function addResponses(
  responses: Float32Array,
  from: number,
  offsets: Float32Array,
  sums: Float32Array,
  cell: number,
  peaks: Float32Array,
): void {
  const words = offsets.length;
  for (let word = 0; word < words; word++) {
    const response = responses[from + word]! - offsets[word]!;
    const excess = Math.abs(response) - THRESHOLD;
    if (excess <= 0) continue;
    const side = response > 0 ? word : words + word;
    sums[cell + side]! += excess;
    if (excess > peaks[side]!) peaks[side] = excess;
  }
}
