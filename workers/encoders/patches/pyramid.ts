// An image at several sizes, each half the one before, so that patches of one size in pixels see a hair-thin
// scratch at the finest level and the whole of a dent at the coarsest.

import type { ImageInput } from "../encoder";
import { type Planes, toPlanes } from "../image-features/planes";

/** Finest first. Every level is at least `least` pixels a side: thinner ones repeat their last row or column. */
export function toPyramid(image: ImageInput, levels: number, least: number): Planes[] {
  const pyramid: Planes[] = [];
  let planes = toPlanes(image);
  for (let level = 0; level < levels; level++) {
    if (level > 0) planes = halve(planes);
    pyramid.push(widen(planes, least));
  }
  return pyramid;
}

/** Means of 2 × 2 pixels; an odd last row or column is dropped, a single one kept. */
function halve({ width, height, light, redGreen, blueYellow }: Planes): Planes {
  const half = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) };
  const right = width > 1 ? 1 : 0;
  const below = height > 1 ? width : 0;
  const shrink = (plane: Float32Array) => {
    const out = new Float32Array(half.width * half.height);
    for (let y = 0, to = 0; y < half.height; y++)
      for (let x = 0; x < half.width; x++, to++) {
        const at = 2 * y * width + 2 * x;
        out[to] = (plane[at]! + plane[at + right]! + plane[at + below]! + plane[at + below + right]!) / 4;
      }
    return out;
  };
  return { ...half, light: shrink(light), redGreen: shrink(redGreen), blueYellow: shrink(blueYellow) };
}

function widen(planes: Planes, least: number): Planes {
  const { width, height } = planes;
  if (width >= least && height >= least) return planes;
  const wide = { width: Math.max(width, least), height: Math.max(height, least) };
  const stretch = (plane: Float32Array) => {
    const out = new Float32Array(wide.width * wide.height);
    for (let y = 0, to = 0; y < wide.height; y++)
      for (let x = 0; x < wide.width; x++, to++)
        out[to] = plane[Math.min(y, height - 1) * width + Math.min(x, width - 1)]!;
    return out;
  };
  const { light, redGreen, blueYellow } = planes;
  return { ...wide, light: stretch(light), redGreen: stretch(redGreen), blueYellow: stretch(blueYellow) };
}
