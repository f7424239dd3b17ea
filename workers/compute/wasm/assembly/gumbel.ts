// The uniform draws of core/gumbel.ts.

export function mix32(value: i32): i32 {
  let x = <u32>value;
  x ^= x >> 16;
  x *= 0x7feb352d;
  x ^= x >> 15;
  x *= 0x846ca68b;
  x ^= x >> 16;
  return <i32>x;
}

/** @param key mix32(mix32(seed) ^ draw). */
export function randomBits(key: i32, row: i32): f64 {
  return (<f64>((<u32>mix32(key ^ row)) >> 9) + 0.5) / 8388608;
}
