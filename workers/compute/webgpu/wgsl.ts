// Pieces of WGSL that several kernels share: reading a matrix, sums in one fixed order, the argmax of a
// workgroup, and the Gumbel noise of core/gumbel.ts.

import type { Binding, Precision } from "./gpu";

/** Rows that lie interleaved, so that neighbouring lanes read neighbouring memory. */
export const tileRows = 64;
/** Numbers of a row that lie together. */
export const chunkDims = 8;

export const read = (name: string, type: string): Binding => ({ name, type, access: "read" });
export const write = (name: string, type: string): Binding => ({ name, type, access: "read_write" });

/** 16-byte words between two chunks of a row, over the rows of a tile. */
export const chunkWords = (precision: Precision) => (precision === "half" ? 1 : 2) * tileRows;

/**
 * `startOf(row, chunks)`: word of a row's first chunk. `total(v)`: the four summed, in an order that is the same
 * everywhere, so that twins get equal sums.
 */
export const layout = (precision: Precision) => /* wgsl */ `
const chunkWords = ${chunkWords(precision)}u;
fn startOf(row: u32, chunks: u32) -> u32 {
  return (row / ${tileRows}u) * chunks * chunkWords + row % ${tileRows}u;
}
fn total(v: vec4<f32>) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn lower(q: vec4<u32>) -> vec4<f32> { return vec4<f32>(unpack2x16float(q.x), unpack2x16float(q.y)); }
fn upper(q: vec4<u32>) -> vec4<f32> { return vec4<f32>(unpack2x16float(q.z), unpack2x16float(q.w)); }
`;

/** Reads the eight numbers at word `at` of a matrix (vec4<u32>) into x0 and x1. */
export const loadChunk = (precision: Precision, matrix = "matrix") =>
  precision === "half"
    ? /* wgsl */ `let q = ${matrix}[at]; let x0 = lower(q); let x1 = upper(q);`
    : /* wgsl */ `let x0 = bitcast<vec4<f32>>(${matrix}[at]);
      let x1 = bitcast<vec4<f32>>(${matrix}[at + ${tileRows}u]);`;

/**
 * Adds to sums0 and sums1 (columns 0 to 3 and 4 to 7 of group `g`) what the row's numbers and the columns' make
 * together. Columns lie as [group of 8][dimension][8], as pairs of vec4.
 * @param term how one number x and four numbers y of the columns add to `sums`.
 */
export const overColumns = (precision: Precision, term: (x: string, y: string, sums: string) => string) => {
  const lines = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => {
    const x = `${k < 4 ? "x0" : "x1"}.${"xyzw"[k % 4]!}`;
    return [0, 1].map((half) => term(x, `columns[word + ${2 * k + half}u]`, `sums${half}`));
  });
  return /* wgsl */ `
    var sums0 = vec4<f32>(0.0);
    var sums1 = vec4<f32>(0.0);
    var at = start;
    var word = g * params.chunks * ${2 * chunkDims}u;
    for (var chunk = 0u; chunk < params.chunks; chunk++) {
      ${loadChunk(precision)}
      ${lines.join("\n      ")}
      at += chunkWords;
      word += ${2 * chunkDims}u;
    }`;
};

export const product = (x: string, y: string, sums: string) =>
  `${sums} = fma(vec4<f32>(${x}), ${y}, ${sums});`;
export const squaredGap = (x: string, y: string, sums: string) =>
  `{ let gap = vec4<f32>(${x}) - ${y}; ${sums} = fma(gap, gap, ${sums}); }`;

/** No row: what an argmax over nothing gives. */
export const noRow = 0xffffffff;

/**
 * `argmax(key, row, lane)`: the largest key of the workgroup and the lowest row that has it, in every lane. Rows
 * of `noRow` do not count. Call it in uniform control flow.
 */
export const argmax = (lanes: number, subgroups: boolean) => /* wgsl */ `
const lowest = -3.4028234e38;
const noRow = ${noRow}u;
struct Best { key: f32, row: u32 }
var<workgroup> keys: array<f32, ${lanes}>;
var<workgroup> rows: array<u32, ${lanes}>;
fn better(a: Best, b: Best) -> Best {
  let second = b.row != noRow && (a.row == noRow || b.key > a.key || (b.key == a.key && b.row < a.row));
  if (second) { return b; }
  return a;
}
${subgroups ? subgroupArgmax(lanes) : treeArgmax(lanes)}`;

const treeArgmax = (lanes: number) => /* wgsl */ `
fn argmax(key: f32, row: u32, lane: u32) -> Best {
  keys[lane] = key;
  rows[lane] = row;
  for (var width = ${lanes / 2}u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      let best = better(Best(keys[lane], rows[lane]), Best(keys[lane + width], rows[lane + width]));
      keys[lane] = best.key;
      rows[lane] = best.row;
    }
  }
  workgroupBarrier();
  return Best(keys[0], rows[0]);
}`;

// Which lanes form a subgroup is the device's business, so each subgroup takes the next free slot.
const subgroupArgmax = (lanes: number) => /* wgsl */ `
var<workgroup> taken: atomic<u32>;
fn argmax(key: f32, row: u32, lane: u32) -> Best {
  let counted = select(lowest, key, row != noRow);
  let top = subgroupMax(counted);
  let least = subgroupMin(select(noRow, row, counted == top));
  if (subgroupElect()) {
    let slot = atomicAdd(&taken, 1u);
    keys[slot] = top;
    rows[slot] = least;
  }
  workgroupBarrier();
  let used = min(atomicLoad(&taken), ${lanes}u);
  var best = Best(lowest, noRow);
  for (var slot = 0u; slot < used; slot++) { best = better(best, Best(keys[slot], rows[slot])); }
  return best;
}`;

/**
 * `gumbel(seed, draw, row)` as core/gumbel.ts. A shader's log is only good to 5e-7 near 1, which is where large
 * noise comes from, so −ln u is a series in 1 − u there.
 */
export const gumbel = /* wgsl */ `
fn mix32(value: u32) -> u32 {
  var x = value;
  x ^= x >> 16u;
  x *= 0x7feb352du;
  x ^= x >> 15u;
  x *= 0x846ca68bu;
  x ^= x >> 16u;
  return x;
}
fn gumbel(seed: u32, draw: u32, row: u32) -> f32 {
  let bits = mix32(mix32(mix32(seed) ^ draw) ^ row) >> 9u;
  let u = (f32(bits) + 0.5) / 8388608.0;
  var e = -log(u);
  if (bits >= 4194304u) {
    let t = (f32(8388607u - bits) + 0.5) / 8388608.0;
    let s = t / (2.0 - t);
    let w = s * s;
    e = 2.0 * s * (1.0 + w * (1.0 / 3.0 + w * (1.0 / 5.0 + w * (1.0 / 7.0 + w * (1.0 / 9.0
      + w * (1.0 / 11.0 + w * (1.0 / 13.0 + w / 15.0)))))));
  }
  return -log(e);
}`;
