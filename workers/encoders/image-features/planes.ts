// The first step of every image statistic: one plane of lightness and two of colour difference.

import type { ImageInput } from "../encoder";

/** Row-major, width × height, each value in about [-1, 1]. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly light: Float32Array;
  readonly redGreen: Float32Array;
  readonly blueYellow: Float32Array;
}

/** BT.601 lightness and opponent differences, on the gamma-coded values that eyes and cameras agree on. */
export function toPlanes({ pixels, width, height }: ImageInput): Planes {
  const count = width * height;
  const light = new Float32Array(count);
  const redGreen = new Float32Array(count);
  const blueYellow = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const red = pixels[at * 4]! / 255;
    const green = pixels[at * 4 + 1]! / 255;
    const blue = pixels[at * 4 + 2]! / 255;
    light[at] = 0.299 * red + 0.587 * green + 0.114 * blue;
    redGreen[at] = red - green;
    blueYellow[at] = blue - (red + green) / 2;
  }
  return { width, height, light, redGreen, blueYellow };
}
