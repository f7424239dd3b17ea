// Colour, edge directions and surface texture of an image as plain statistics, with nothing to learn.

import { COLOR_LAYOUT_LENGTH, colorLayout } from "./color-layout";
import { edgeField, type GradientLayout, gradients, gradientsLength } from "./gradients";
import { localPatterns, localPatternsLength } from "./local-patterns";
import type { Planes } from "./planes";

const FINE_EDGES: GradientLayout = { grid: 6, bins: 9, signed: false };
const COARSE_EDGES: GradientLayout = { grid: 4, bins: 16, signed: true };
const TEXTURE_GRID = 2;

/** The number of values of each kind, in the order in which they are written. */
export const STATISTICS_LENGTHS: readonly number[] = [
  COLOR_LAYOUT_LENGTH,
  gradientsLength(FINE_EDGES),
  gradientsLength(COARSE_EDGES),
  localPatternsLength(TEXTURE_GRID),
];

export function imageStatistics(planes: Planes, out: Float32Array): void {
  const edges = edgeField(planes);
  let start = 0;
  const places = STATISTICS_LENGTHS.map((length) => out.subarray(start, (start += length)));
  colorLayout(planes, places[0]!);
  gradients(edges, FINE_EDGES, places[1]!);
  gradients(edges, COARSE_EDGES, places[2]!);
  localPatterns(planes, TEXTURE_GRID, places[3]!);
}
