// What the image encoder spends its time on beside products: cutting patches out of an image's planes, pooling how
// strongly each word of a dictionary answers, and moving words to the patches nearest to them.

import { addScaled, sumOf } from "./floats";

/** Pixels a side of a patch; colours are at half that resolution. As in workers/encoders/patches/patch-reader.ts. */
const side: usize = 6;
const half: usize = 3;
const light: usize = 36;
const quiet: f32 = 0.002;

/** float32 from one patch to the next: 54 and two zeros. */
export const patchStride: usize = 56;

/**
 * Writes `count` normalised patches, `step` pixels apart, of which the first has its upper left pixel at the three
 * addresses given. Colours are half the sums of 2 × 2 squares.
 * @param width bytes of a row of a plane.
 */
export function cutPatches(
  lightAt: usize,
  redGreenAt: usize,
  blueYellowAt: usize,
  width: usize,
  step: i32,
  count: i32,
  to: usize,
): void {
  const apart = (<usize>step) << 2;
  for (let at = 0; at < count; at++) {
    const scale = copyPatch(lightAt, redGreenAt, blueYellowAt, width, to);
    const factor = f32x4.splat(scale);
    for (let part: usize = 0; part < patchStride << 2; part += 16)
      v128.store(to + part, f32x4.mul(v128.load(to + part), factor));
    lightAt += apart;
    redGreenAt += apart;
    blueYellowAt += apart;
    to += patchStride << 2;
  }
}

/** Copies one patch without its mean lightness. @returns what gives it its normal contrast. */
function copyPatch(lightAt: usize, redGreenAt: usize, blueYellowAt: usize, width: usize, to: usize): f32 {
  let sums = f32x4.splat(0);
  for (let row: usize = 0; row < side; row++) {
    const from = lightAt + row * width;
    const first = v128.load(from);
    const rest = v128.load64_zero(from, 16);
    v128.store(to + row * (side << 2), first);
    v128.store64_lane(to + row * (side << 2) + 16, rest, 0);
    sums = f32x4.add(sums, f32x4.add(first, rest));
  }
  const mean = f32x4.splat(sumOf(sums) / <f32>light);
  let squares = f32x4.splat(0);
  for (let part: usize = 0; part < light << 2; part += 16) {
    const value = f32x4.sub(v128.load(to + part), mean);
    v128.store(to + part, value);
    squares = f32x4.add(squares, f32x4.mul(value, value));
  }
  let colours: f32 = 0;
  let place = to + (light << 2);
  for (let row: usize = 0; row < half; row++)
    for (let column: usize = 0; column < half; column++) {
      const from = 2 * row * width + (column << 3);
      const one = load<f32>(redGreenAt + from);
      const two = load<f32>(blueYellowAt + from);
      store<f32>(place, one);
      store<f32>(place + ((half * half) << 2), two);
      colours += one * one + two * two;
      place += 4;
    }
  store<u64>(to + ((light + 2 * half * half) << 2), 0);
  return 1 / sqrt<f32>((sumOf(squares) + colours) / <f32>light + quiet);
}

/**
 * Adds what `count` patches of one cell answer to its sums, and keeps the strongest. An answer nearer to 0 than
 * the threshold says nothing; those above and those below it are words of their own.
 * @param responses rows of `words` float32, a multiple of 4, without the offsets.
 * @param sums of the cell: `words` above, then `words` below.
 * @param peaks likewise.
 */
export function poolResponses(
  responses: usize,
  count: i32,
  words: i32,
  offsets: usize,
  threshold: f32,
  sums: usize,
  peaks: usize,
): void {
  const bytes = (<usize>words) << 2;
  const nothing = f32x4.splat(0);
  for (let word: usize = 0; word < bytes; word += 16) {
    const high = f32x4.add(v128.load(offsets + word), f32x4.splat(threshold));
    const low = f32x4.sub(v128.load(offsets + word), f32x4.splat(threshold));
    let above = v128.load(sums + word);
    let below = v128.load(sums + bytes + word);
    let most = v128.load(peaks + word);
    let least = v128.load(peaks + bytes + word);
    let from = responses + word;
    for (let at = 0; at < count; at++, from += bytes) {
      const response = v128.load(from);
      const up = f32x4.max(f32x4.sub(response, high), nothing);
      const down = f32x4.max(f32x4.sub(low, response), nothing);
      above = f32x4.add(above, up);
      below = f32x4.add(below, down);
      most = f32x4.max(most, up);
      least = f32x4.max(least, down);
    }
    v128.store(sums + word, above);
    v128.store(sums + bytes + word, below);
    v128.store(peaks + word, most);
    v128.store(peaks + bytes + word, least);
  }
}

/**
 * Adds each of `count` patches to the sum of the word it resembles most, bright for dark as well, by its product
 * with it; of equals the first.
 * @param products rows of `words` float32.
 * @param sums rows of `patchStride`.
 */
export function addToNearest(patches: usize, count: i32, products: usize, words: i32, sums: usize): void {
  for (let at = 0; at < count; at++) {
    let nearest = 0;
    let product: f32 = 0;
    for (let word = 0; word < words; word++) {
      const value = load<f32>(products + ((<usize>word) << 2));
      if (abs(value) > abs(product)) {
        nearest = word;
        product = value;
      }
    }
    addScaled(sums + ((<usize>nearest * patchStride) << 2), product, patches, <i32>patchStride);
    patches += patchStride << 2;
    products += (<usize>words) << 2;
  }
}
