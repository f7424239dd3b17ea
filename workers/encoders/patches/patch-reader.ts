// Cuts patches out of an image: lightness pixel by pixel, the two colour differences at half that resolution,
// as eyes and JPEG files have them. 54 values instead of 108 halve the work.

import type { Planes } from "../image-features/planes";

/** Pixels a side. Must be even for the halved colours. */
export const PATCH_SIDE = 6;
const HALF_SIDE = PATCH_SIDE / 2;
const LIGHT_LENGTH = PATCH_SIDE * PATCH_SIDE;
export const PATCH_LENGTH = LIGHT_LENGTH + 2 * HALF_SIDE * HALF_SIDE;

/**
 * A contrast of 11 grey levels of 256, squared: flatter patches are mostly noise, not to be blown up to full
 * contrast. Ten times as much cost 1 point on the sample project, a sixth as much gained less than half a point.
 */
const QUIET = 0.002;

export interface PatchReader {
  /** Positions along each side at which a patch fits. */
  readonly across: number;
  readonly down: number;
  /** Writes the normalised patch whose upper left pixel is (x, y), x < across and y < down. */
  read(x: number, y: number, out: Float32Array, start: number): void;
}

/** As patches are cut from: of each colour, at every pixel, half the sum of the 2 × 2 square it is in. */
export function toPatchPlanes(planes: Planes): Planes {
  const { width, height } = planes;
  const redGreen = sumSquares(planes.redGreen, width, height);
  return { ...planes, redGreen, blueYellow: sumSquares(planes.blueYellow, width, height) };
}

/** @param planes from `toPatchPlanes`, at least PATCH_SIDE pixels a side. */
export function createPatchReader({ width, height, light, redGreen, blueYellow }: Planes): PatchReader {
  return {
    across: width - PATCH_SIDE + 1,
    down: height - PATCH_SIDE + 1,
    read(x, y, out, start) {
      const origin = y * width + x;
      let to = start;
      let sum = 0;
      for (let row = 0, at = origin; row < PATCH_SIDE; row++, at += width)
        for (let column = 0; column < PATCH_SIDE; column++) sum += out[to++] = light[at + column]!;
      const mean = sum / LIGHT_LENGTH;
      let squares = 0;
      for (let at = start; at < to; at++) {
        const value = (out[at]! -= mean);
        squares += value * value;
      }
      for (let row = 0, at = origin; row < HALF_SIDE; row++, at += 2 * width)
        for (let column = 0; column < HALF_SIDE; column++, to++) {
          const one = (out[to] = redGreen[at + 2 * column]!);
          const two = (out[to + HALF_SIDE * HALF_SIDE] = blueYellow[at + 2 * column]!);
          squares += one * one + two * two;
        }
      const scale = 1 / Math.sqrt(squares / LIGHT_LENGTH + QUIET);
      for (let at = start; at < start + PATCH_LENGTH; at++) out[at]! *= scale;
    },
  };
}

/** Half the sum of each 2 × 2 square, at its upper left pixel: four times the area, twice the weight. */
function sumSquares(plane: Float32Array, width: number, height: number): Float32Array {
  const sums = new Float32Array(plane.length);
  for (let y = 0; y + 1 < height; y++)
    for (let at = y * width, end = at + width - 1; at < end; at++)
      sums[at] = (plane[at]! + plane[at + 1]! + plane[at + width]! + plane[at + width + 1]!) / 2;
  return sums;
}
