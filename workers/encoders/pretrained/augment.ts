// Changes of an image that leave its class as it was: a part of it cut out, mirrored, lighter or darker. What
// fine-tuning shows a model, so that it does not learn the images by heart.

import type { Random } from "../../../src/core/random";
import type { ImageInput } from "../encoder";

/** Sides of the part that is cut out, as shares of the image's. */
const leastSide = 0.8;
/** By how much brightness and contrast may change, either way. */
const mostLight = 0.2;

/** @param mirror whether the image may be turned left to right. */
export function augment(image: ImageInput, mirror: boolean, random: Random): ImageInput {
  const between = (low: number, high: number) => low + (high - low) * random.next();
  const side = between(leastSide, 1);
  const width = Math.max(1, Math.round(image.width * side));
  const height = Math.max(1, Math.round(image.height * side));
  const left = random.integer(image.width - width + 1);
  const top = random.integer(image.height - height + 1);
  const mirrored = mirror && random.next() < 0.5;
  const gain = between(1 - mostLight, 1 + mostLight);
  const shift = 255 * between(-mostLight, mostLight);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const column = left + (mirrored ? width - 1 - x : x);
      const from = ((top + y) * image.width + column) * 4;
      const to = (y * width + x) * 4;
      for (let channel = 0; channel < 3; channel++)
        pixels[to + channel] = (image.pixels[from + channel]! - 128) * gain + 128 + shift;
      pixels[to + 3] = 255;
    }
  return { pixels, width, height };
}
