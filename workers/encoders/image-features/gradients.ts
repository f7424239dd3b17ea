// Which way edges run, and where: histograms of oriented gradients (Dalal & Triggs, CVPR 2005) over a grid that
// fits the image's own shape, so every image gives the same number of values.

import { shareCells } from "./grid";
import type { Planes } from "./planes";

/** Edges by pixel: how strong, and which way as a share of a full turn in [0, 1]. */
export interface EdgeField {
  readonly width: number;
  readonly height: number;
  readonly size: Float32Array;
  readonly direction: Float32Array;
}

export interface GradientLayout {
  /** Cells a side, at least 2. */
  readonly grid: number;
  readonly bins: number;
  /** Signed directions tell dark-to-light from light-to-dark. */
  readonly signed: boolean;
}

/** Central differences of lightness; pixels beyond the border repeat the border. */
export function edgeField({ width, height, light }: Planes): EdgeField {
  const size = new Float32Array(width * height);
  const direction = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const here = y * width;
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const dx = light[here + Math.min(width - 1, x + 1)]! - light[here + Math.max(0, x - 1)]!;
      const dy = light[below + x]! - light[above + x]!;
      size[here + x] = Math.sqrt(dx * dx + dy * dy);
      direction[here + x] = Math.atan2(dy, dx) / (2 * Math.PI) + 0.5;
    }
  }
  return { width, height, size, direction };
}

export function gradientsLength({ grid, bins }: GradientLayout): number {
  return grid * grid * bins;
}

export function gradients(edges: EdgeField, layout: GradientLayout, out: Float32Array): void {
  const { width, height, size, direction } = edges;
  const { grid, bins, signed } = layout;
  const cells = new Float32Array(grid * grid * bins);
  const across = shareCells(width, grid);
  const down = shareCells(height, grid);
  const turn = signed ? bins : 2 * bins;
  for (let at = 0, y = 0; y < height; y++) {
    const lowerShare = down.share[y]!;
    const rowBase = down.cell[y]! * grid;
    for (let x = 0; x < width; x++, at++) {
      if (size[at] === 0) continue;
      const angle = direction[at]! * turn;
      const lower = Math.floor(angle);
      const second = size[at]! * (angle - lower);
      const first = size[at]! - second;
      const rightShare = across.share[x]!;
      const base = (rowBase + across.cell[x]!) * bins;
      // Four cells by two directions share each vote.
      for (let corner = 0; corner < 4; corner++) {
        const share = (corner < 2 ? 1 - lowerShare : lowerShare) * (corner & 1 ? rightShare : 1 - rightShare);
        const cell = base + ((corner >> 1) * grid + (corner & 1)) * bins;
        cells[cell + (lower % bins)]! += share * first;
        cells[cell + ((lower + 1) % bins)]! += share * second;
      }
    }
  }
  normaliseBlocks(cells, grid, bins, (width * height) / (grid * grid), out);
}

/**
 * Divides each cell by the strength of its 3 × 3 neighbourhood, then takes square roots: lighting drops out and
 * weak edges still count (RootHOG, after Arandjelović & Zisserman, CVPR 2012).
 */
function normaliseBlocks(
  cells: Float32Array,
  grid: number,
  bins: number,
  pixelsPerCell: number,
  out: Float32Array,
): void {
  const strengths = new Float32Array(grid * grid);
  for (let at = 0; at < cells.length; at++) strengths[Math.floor(at / bins)]! += cells[at]!;
  // A mean gradient of a hundredth of the range is sensor noise and JPEG residue, not to be blown up.
  const quiet = 0.01 * pixelsPerCell;
  for (let row = 0; row < grid; row++)
    for (let column = 0; column < grid; column++) {
      let sum = 0;
      let count = 0;
      for (let y = Math.max(0, row - 1); y <= Math.min(grid - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(grid - 1, column + 1); x++) {
          sum += strengths[y * grid + x]!;
          count++;
        }
      const scale = 1 / (sum / count + quiet);
      const base = (row * grid + column) * bins;
      for (let bin = 0; bin < bins; bin++) out[base + bin] = Math.sqrt(cells[base + bin]! * scale);
    }
}
