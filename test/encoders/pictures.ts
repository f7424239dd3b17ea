// Small drawn images for the encoder tests.

import type { ImageInput } from "../../workers/encoders/encoder";

/** `paint` gives red, green and blue, 0 to 255, for a pixel. */
export function picture(
  width: number,
  height: number,
  paint: (x: number, y: number) => readonly [number, number, number],
): ImageInput {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.set([...paint(x, y), 255], (y * width + x) * 4);
  return { pixels, width, height };
}

export function plain(width: number, height: number, level: number): ImageInput {
  return picture(width, height, () => [level, level, level]);
}

/** Soft stripes at an angle: edges of every strength, no two angles with the same statistics. */
export function stripes(size: number, angle: number, period = 8, offset = 0): ImageInput {
  return picture(size, size, (x, y) => {
    const place = x * Math.cos(angle) + y * Math.sin(angle) + offset;
    const level = 128 + 80 * Math.sin((2 * Math.PI * place) / period);
    return [level, level, level];
  });
}

/** The same picture with every value moved by `change`. */
export function lighter({ pixels, width, height }: ImageInput, change: number): ImageInput {
  return picture(width, height, (x, y) => {
    const at = (y * width + x) * 4;
    return [pixels[at]! + change, pixels[at + 1]! + change, pixels[at + 2]! + change];
  });
}
