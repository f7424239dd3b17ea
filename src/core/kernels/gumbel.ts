// Gumbel noise that every tier computes alike: from the seed, the number of the draw and the row, by integer
// arithmetic that 32-bit shaders and plain numbers share. No state, so rows can be done in any order.

/** A good 32-bit mixing function (lowbias32, Chris Wellons, public domain constants). */
export function mix32(value: number): number {
  let x = value >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/**
 * Uniform in (0, 1), never 0 or 1: 23 bits and a half, so that it is exact in float32.
 * @param draw counts the draws of one selection from 0.
 */
export function uniform(seed: number, draw: number, row: number): number {
  const bits = mix32(mix32(mix32(seed) ^ draw) ^ row) >>> 9;
  return (bits + 0.5) / 8388608;
}

/** −ln(−ln u): adding it to log weights and taking the argmax draws in proportion to the weights. */
export function gumbel(seed: number, draw: number, row: number): number {
  return -Math.log(-Math.log(uniform(seed, draw, row)));
}
