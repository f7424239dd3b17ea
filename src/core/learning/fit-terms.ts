// Fits a linear layer over terms: one support vector machine a class, by dual coordinate descent, whose cost is that
// of the terms the labelled rows have, and of nothing else.

import { throwIfStopped, type StopSignal } from "../errors";
import type { Random } from "../random";
import type { TermLayer, TermRows } from "./terms";

/** Rows have length 1; the usual strength for terms of that length. */
const strength = 1;
/** Largest violation of the optimality of a row's multiplier at which to end: the loss is then within 1% of its least. */
const tolerance = 0.03;
const mostTurns = 200;
/** Half a megabyte a round; of 77 classes the 1,700 terms that weigh most. */
const mostWeights = 1 << 17;

export interface TermProblem {
  readonly terms: TermRows;
  /** rows × classes of 0 and 1. */
  readonly targets: Uint8Array;
  readonly classes: number;
}

/**
 * Minimises ½‖w‖² + Σ max(0, 1 − y (w·x + b))² for each class, the bias b counted into w (Hsieh et al., A dual
 * coordinate descent method for large-scale linear SVM, 2008). Of a class that no row has, or every row, all logits
 * are the same. Deterministic under `random`. @throws Stopped when told to stop.
 */
export function fitTerms(
  { terms, targets, classes }: TermProblem,
  random: Random,
  stop: StopSignal | null,
): TermLayer {
  const { columns } = terms;
  const known = knownColumns(terms);
  const placeOf = new Uint16Array(columns);
  known.forEach((column, place) => (placeOf[column] = place));
  const places = terms.indices.map((column) => placeOf[column]!);
  const weights = new Float32Array(known.length * classes);
  const bias = new Float32Array(classes);
  const order = Uint32Array.from({ length: terms.rows }, (_, row) => row);
  for (let c = 0; c < classes; c++) {
    throwIfStopped(stop);
    const signs = Int8Array.from({ length: terms.rows }, (_, row) => (targets[row * classes + c] ? 1 : -1));
    const found = fitOne({ ...terms, places }, known.length, signs, order, random);
    for (let place = 0; place < known.length; place++) weights[place * classes + c] = found[place]!;
    bias[c] = found[known.length]!;
  }
  return heaviest({ columns, classes, known, weights, bias });
}

/** @returns the weights, then the bias. */
function fitOne(
  { rows, offsets, places, values }: TermRows & { readonly places: Uint16Array },
  width: number,
  signs: Int8Array,
  order: Uint32Array,
  random: Random,
): Float64Array {
  const point = new Float64Array(width + 1);
  const multipliers = new Float64Array(rows);
  const curvatures = new Float64Array(rows);
  const diagonal = 1 / (2 * strength);
  for (let row = 0; row < rows; row++) {
    let sum = 1 + diagonal;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) sum += values[at]! ** 2;
    curvatures[row] = sum;
  }
  let turn = 0;
  for (let worst = Infinity; worst > tolerance && turn < mostTurns; turn++) {
    worst = 0;
    for (let step = 0; step < rows; step++) {
      // Another order each turn, drawn on the way, settles several times sooner than the same one again.
      const drawn = step + Math.floor(random.next() * (rows - step));
      const row = order[drawn]!;
      order[drawn] = order[step]!;
      order[step] = row;
      const [from, to, sign] = [offsets[row]!, offsets[row + 1]!, signs[row]!];
      let logit = point[width]!;
      for (let at = from; at < to; at++) logit += point[places[at]!]! * values[at]!;
      const before = multipliers[row]!;
      const slope = sign * logit - 1 + diagonal * before;
      const violation = before === 0 ? Math.min(slope, 0) : slope;
      worst = Math.max(worst, Math.abs(violation));
      if (Math.abs(violation) < 1e-12) continue;
      const after = Math.max(0, before - slope / curvatures[row]!);
      multipliers[row] = after;
      const moved = (after - before) * sign;
      for (let at = from; at < to; at++) point[places[at]!]! += moved * values[at]!;
      point[width]! += moved;
    }
  }
  return point;
}

function knownColumns({ columns, indices }: TermRows): Uint16Array {
  const seen = new Uint8Array(columns);
  for (const column of indices) seen[column] = 1;
  return Uint16Array.from(seen.keys()).filter((column) => seen[column]);
}

/** The same layer without the terms that weigh least, where there are too many to keep with every round. */
function heaviest(layer: TermLayer): TermLayer {
  const { known, classes, weights } = layer;
  const room = Math.floor(mostWeights / classes);
  if (known.length <= room) return layer;
  const weightOf = Float64Array.from(known, (_, place) => {
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += weights[place * classes + c]! ** 2;
    return sum;
  });
  const kept = Array.from(known.keys())
    .sort((a, b) => weightOf[b]! - weightOf[a]! || a - b)
    .slice(0, room)
    .sort((a, b) => a - b);
  const lighter = new Float32Array(room * classes);
  kept.forEach((place, at) =>
    lighter.set(weights.subarray(place * classes, (place + 1) * classes), at * classes),
  );
  return { ...layer, known: Uint16Array.from(kept, (place) => known[place]!), weights: lighter };
}
