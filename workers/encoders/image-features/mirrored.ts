// What an image and its mirror image have in common, and what sets them apart: most things are the same thing seen from
// the other side, but not letters and arrows.

import type { ImageInput } from "../encoder";

/** The image with left and right exchanged. */
export function mirrored({ pixels, width, height }: ImageInput): ImageInput {
  const out = new Uint8ClampedArray(pixels.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x);
      const to = 4 * (y * width + width - 1 - x);
      for (let channel = 0; channel < 4; channel++) out[to + channel] = pixels[from + channel]!;
    }
  return { pixels: out, width, height };
}

/**
 * In place: features of an image, then those of its mirror image, become their mean, then half their difference
 * times `weight`. Mirroring the image leaves the first half as it is and negates the second.
 */
export function foldMirrored(features: Float32Array, weight: number): void {
  const length = features.length / 2;
  for (let at = 0; at < length; at++) {
    const one = features[at]!;
    const other = features[length + at]!;
    features[at] = (one + other) / 2;
    features[length + at] = ((one - other) / 2) * weight;
  }
}
