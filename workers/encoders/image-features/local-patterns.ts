// What the surface is like: histograms of uniform local binary patterns (Ojala, Pietikäinen & Mäenpää,
// TPAMI 2002), which compare each pixel with its eight neighbours.

import type { Planes } from "./planes";

const NEIGHBOURS = 8;
/** 58 patterns with at most two changes around the ring, and one bin for all others. */
const PATTERNS = 59;
// Differences under a hundredth of the range are noise: without this, flat areas give random patterns.
const FLAT = 0.01;

export function localPatternsLength(grid: number): number {
  return grid * grid * PATTERNS;
}

const patternBin = uniformPatternBins();

function uniformPatternBins(): Uint8Array {
  const bins = new Uint8Array(1 << NEIGHBOURS).fill(PATTERNS - 1);
  let next = 0;
  for (let pattern = 0; pattern < bins.length; pattern++) {
    const turned = ((pattern << 1) | (pattern >> (NEIGHBOURS - 1))) & 0xff;
    let changes = 0;
    for (let rest = pattern ^ turned; rest > 0; rest &= rest - 1) changes++;
    if (changes <= 2) bins[pattern] = next++;
  }
  return bins;
}

/** Square roots of shares for each cell of the grid; pixels beyond the border repeat the border. */
export function localPatterns({ width, height, light }: Planes, grid: number, out: Float32Array): void {
  out.fill(0);
  const counts = new Uint32Array(grid * grid);
  const columnOf = Uint8Array.from({ length: width }, (_, x) => Math.floor((x * grid) / width));
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width;
    const here = y * width;
    const below = Math.min(height - 1, y + 1) * width;
    const row = Math.floor((y * grid) / height) * grid;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - 1);
      const right = Math.min(width - 1, x + 1);
      const level = light[here + x]! + FLAT;
      const pattern =
        (light[above + left]! > level ? 1 : 0) |
        (light[above + x]! > level ? 2 : 0) |
        (light[above + right]! > level ? 4 : 0) |
        (light[here + right]! > level ? 8 : 0) |
        (light[below + right]! > level ? 16 : 0) |
        (light[below + x]! > level ? 32 : 0) |
        (light[below + left]! > level ? 64 : 0) |
        (light[here + left]! > level ? 128 : 0);
      const cell = row + columnOf[x]!;
      out[cell * PATTERNS + patternBin[pattern]!]! += 1;
      counts[cell]! += 1;
    }
  }
  for (let at = 0; at < localPatternsLength(grid); at++)
    out[at] = Math.sqrt(out[at]! / Math.max(1, counts[Math.floor(at / PATTERNS)]!));
}
