// Greedy k-center and k-means++: lowering each candidate's distance to the nearest centre by one new centre, and
// choosing the next. Distances are squared; a candidate that is taken has −1.

import { centre, norms, rowAt } from "./layout";
import { mix32, randomBits } from "./gumbel";
import { squaredDistance } from "./rows";
import {
  cardOf,
  centreError,
  centreNorm,
  centreNormSquared,
  centreSquared,
  setCentre,
  sketchProduct,
} from "./sketch";

/** As in core/kernels/kernels.ts. */
export const coincidence: f64 = 1e-6;
/** A little over the root of `coincidence`. */
const coincidenceRoot: f64 = 1.01e-3;
/** What the float32 squared norm of a sketch may be off, many times over. */
const slack: f64 = 1e-6;

/** The row becomes the centre of the calls of `lowerDistances` that follow. */
export function takeCentre(row: i32): void {
  setCentre(row);
}

/**
 * least[i] = min(least[i], squared distance of listed row i to the centre).
 * A row is passed over when the triangle inequality through its sketch says that it stays: the true distance is
 * at least the sketches' less both errors.
 * @returns rows that had to be read in full.
 */
export function lowerDistances(list: usize, count: i32, least: usize): i32 {
  let read = 0;
  for (let at = 0; at < count; at++) {
    const to = least + ((<usize>at) << 3);
    const before = load<f64>(to);
    if (before <= 0) continue;
    const row = load<i32>(list + ((<usize>at) << 2));
    if (before !== Infinity) {
      const card = cardOf(row);
      const squares = <f64>load<f32>(card, 8) + centreSquared;
      const between = squares - 2 * sketchProduct(row) - slack * squares;
      const close = coincidenceRoot * (<f64>load<f32>(card, 12) + centreNorm);
      const radius = max(Math.sqrt(before), close) + <f64>load<f32>(card, 4) + centreError;
      if (between > radius * radius) continue;
    }
    read++;
    const squared = squaredDistance(rowAt(row), centre);
    const both = load<f64>(norms + ((<usize>row) << 3)) + centreNormSquared;
    store<f64>(to, squared <= coincidence * both ? 0 : min(before, squared));
  }
  return read;
}

/** The place of the largest, the first of equals; −1 when all are taken. */
export function farthest(least: usize, count: i32): i32 {
  let best = -1;
  let most: f64 = -1;
  for (let at = 0; at < count; at++) {
    const value = load<f64>(least + ((<usize>at) << 3));
    if (value > most) {
      most = value;
      best = at;
    }
  }
  return best;
}

/** −ln u. JavaScript's own logarithm, so that every tier's is the same. */
declare function minusLog(u: f64): f64;

/**
 * The place drawn in proportion to the weights: the argmax of ln w + Gumbel noise is that of w / −ln u. As
 * −ln u > 1 − u, most places are passed over without a logarithm. Of none but zeros, the first.
 */
export function draw(list: usize, weights: usize, count: i32, seed: i32, turn: i32): i32 {
  const key = mix32(mix32(seed) ^ turn);
  let best = -1;
  let zero = -1;
  let most: f64 = 0;
  for (let at = 0; at < count; at++) {
    const weight = load<f64>(weights + ((<usize>at) << 3));
    if (weight <= 0) {
      if (zero < 0 && weight === 0) zero = at;
      continue;
    }
    const u = randomBits(key, load<i32>(list + ((<usize>at) << 2)));
    if (weight <= most * (1 - u)) continue;
    const value = weight / minusLog(u);
    if (value > most) {
      most = value;
      best = at;
    }
  }
  return best < 0 ? zero : best;
}
