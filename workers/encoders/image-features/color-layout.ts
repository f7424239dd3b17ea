// What colours there are and roughly where: means and spreads of the planes over a grid, and one histogram of
// lightness by hue direction over the whole image.

import type { Planes } from "./planes";

const GRID = 4;
const LIGHT_BINS = 4;
const DIFFERENCE_BINS = 5;
const MOMENTS = GRID * GRID * 3 * 2;
export const COLOR_LAYOUT_LENGTH = MOMENTS + LIGHT_BINS * DIFFERENCE_BINS * DIFFERENCE_BINS;

export function colorLayout(planes: Planes, out: Float32Array): void {
  moments(planes, out);
  histogram(planes, out.subarray(MOMENTS));
}

function moments({ width, height, light, redGreen, blueYellow }: Planes, out: Float32Array): void {
  let at = 0;
  for (const plane of [light, redGreen, blueYellow])
    for (let row = 0; row < GRID; row++)
      for (let column = 0; column < GRID; column++) {
        // At least one pixel a cell, so an image thinner than the grid repeats its pixels.
        const top = Math.floor((row * height) / GRID);
        const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / GRID));
        const left = Math.floor((column * width) / GRID);
        const right = Math.max(left + 1, Math.floor(((column + 1) * width) / GRID));
        let sum = 0;
        let squares = 0;
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) {
            const value = plane[y * width + x]!;
            sum += value;
            squares += value * value;
          }
        const count = (bottom - top) * (right - left);
        const mean = sum / count;
        out[at++] = mean;
        out[at++] = Math.sqrt(Math.max(0, squares / count - mean * mean));
      }
}

/** Square roots of shares, so that Euclidean distance between two histograms is their Hellinger distance. */
function histogram({ light, redGreen, blueYellow }: Planes, out: Float32Array): void {
  const bins = out.fill(0);
  for (let at = 0; at < light.length; at++) {
    const lightBin = Math.min(LIGHT_BINS - 1, Math.floor(light[at]! * LIGHT_BINS));
    const first = differenceBin(redGreen[at]!);
    const second = differenceBin(blueYellow[at]!);
    bins[(lightBin * DIFFERENCE_BINS + first) * DIFFERENCE_BINS + second]! += 1;
  }
  for (let bin = 0; bin < bins.length; bin++) bins[bin] = Math.sqrt(bins[bin]! / light.length);
}

/** Photographs are mostly grey, so the middle bins are narrow: edges at ±0.05 and ±0.2. */
function differenceBin(value: number): number {
  if (value < -0.2) return 0;
  if (value < -0.05) return 1;
  if (value <= 0.05) return 2;
  return value <= 0.2 ? 3 : 4;
}
