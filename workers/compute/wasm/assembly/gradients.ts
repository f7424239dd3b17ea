// BADGE: k-means++ on the gradient embeddings (p − e_ŷ) ⊗ x, whose inner products are products of two short
// ones: of the residuals p − e_ŷ, and of the rows.

import { coincidence } from "./cover";
import { centre, norms, rowAt } from "./layout";
import { product, product32 } from "./rows";
import { cardOf, centreError, centreNorm, setCentre, sketchProduct } from "./sketch";

/** A little over `coincidence`, for bounds. */
const nearlyCoincident: f64 = 1.02e-6;
/** Rounding in the bounds themselves. */
const slack: f64 = 1e-6;

/**
 * Residuals p − e_ŷ in place of the probabilities of the listed rows (`width` float32 each, a multiple of 4,
 * zero behind the classes), and the squared norms of the gradients.
 */
export function makeGradients(
  list: usize,
  count: i32,
  residuals: usize,
  classes: i32,
  width: i32,
  squares: usize,
): void {
  for (let at = 0; at < count; at++) {
    const own = residuals + ((<usize>at * <usize>width) << 2);
    let likeliest = own;
    for (let c = 1; c < classes; c++) {
      const other = own + ((<usize>c) << 2);
      if (load<f32>(other) > load<f32>(likeliest)) likeliest = other;
    }
    store<f32>(likeliest, load<f32>(likeliest) - 1);
    const norm = load<f64>(norms + ((<usize>load<i32>(list + ((<usize>at) << 2))) << 3));
    store<f64>(squares + ((<usize>at) << 3), product32(own, own, width) * norm);
  }
}

let taken: usize = 0;
let takenSquared: f64 = 0;

/** The gradient at this place becomes the centre of the next `lowerGradients`. */
export function takeGradient(list: usize, at: i32, residuals: usize, width: i32, squares: usize): void {
  setCentre(load<i32>(list + ((<usize>at) << 2)));
  taken = residuals + ((<usize>at * <usize>width) << 2);
  takenSquared = load<f64>(squares + ((<usize>at) << 3));
}

/**
 * least[i] = min(least[i], squared distance of gradient i to the centre's). Passed over are rows that stay by
 * Cauchy and Schwarz, |x·y| ≤ ‖x‖‖y‖, and then those that stay by their sketch.
 * @returns rows that had to be read in full.
 */
export function lowerGradients(
  list: usize,
  count: i32,
  residuals: usize,
  width: i32,
  squares: usize,
  least: usize,
): i32 {
  let read = 0;
  for (let at = 0; at < count; at++) {
    const to = least + ((<usize>at) << 3);
    const before = load<f64>(to);
    if (before <= 0) continue;
    const row = load<i32>(list + ((<usize>at) << 2));
    const both = load<f64>(squares + ((<usize>at) << 3)) + takenSquared;
    const factor = product32(residuals + ((<usize>at * <usize>width) << 2), taken, width);
    if (before !== Infinity) {
      const stays = max(before, nearlyCoincident * both) + slack * 1e-3 * both;
      const card = cardOf(row);
      const norm = <f64>load<f32>(card, 12);
      const size = 2 * abs(factor);
      if (both - size * norm * centreNorm * (1 + slack) > stays) continue;
      const error = <f64>load<f32>(card, 4);
      const off = error * centreNorm + (norm + error) * centreError + slack * norm * centreNorm;
      if (both - 2 * factor * sketchProduct(row) - size * off > stays) continue;
    }
    read++;
    const squared = both - 2 * factor * product(rowAt(row), centre);
    store<f64>(to, squared <= coincidence * both ? 0 : min(before, squared));
  }
  return read;
}
