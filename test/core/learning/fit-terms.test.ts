// The support vector machines over terms, against the same loss brought to its minimum another way.

import { expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { fitTerms } from "../../../src/core/learning/fit-terms";
import { minimise } from "../../../src/core/learning/lbfgs";
import { addTermLogits, type TermLayer, type TermRows } from "../../../src/core/learning/terms";
import { createRandom } from "../../../src/core/random";
import { makeTerms } from "./make-terms";

const classes = 3;
const random = createRandom(4);
const classOf = Array.from({ length: 150 }, () => random.integer(classes));
const terms = makeTerms(classOf, { classes, sure: 0.8, random });
const targets = Uint8Array.from(classOf.flatMap((one) => [0, 1, 2].map((c) => Number(c === one))));

function logitsOf(layer: TermLayer, rows: TermRows): Float64Array {
  const logits = new Float64Array(rows.rows * layer.classes);
  addTermLogits(layer, rows, logits);
  return logits;
}

/** ½‖w‖² + ½b² + Σ max(0, 1 − y (w·x + b))² of one class, and its gradient; the bias comes last. */
function primal(signs: readonly number[], point: Float64Array, gradient: Float64Array): number {
  const width = terms.columns;
  let value = 0;
  point.forEach((weight, at) => {
    value += weight ** 2 / 2;
    gradient[at] = weight;
  });
  for (let row = 0; row < terms.rows; row++) {
    let logit = point[width]!;
    for (let at = terms.offsets[row]!; at < terms.offsets[row + 1]!; at++)
      logit += point[terms.indices[at]!]! * terms.values[at]!;
    const short = Math.max(0, 1 - signs[row]! * logit);
    value += short ** 2;
    const pull = -2 * short * signs[row]!;
    for (let at = terms.offsets[row]!; at < terms.offsets[row + 1]!; at++)
      gradient[terms.indices[at]!]! += pull * terms.values[at]!;
    gradient[width]! += pull;
  }
  return value;
}

test("reach the minimum that a quasi-Newton method finds, to a hundredth", () => {
  const layer = fitTerms({ terms, targets, classes }, createRandom(1), null);
  const found = logitsOf(layer, terms);
  for (let c = 0; c < classes; c++) {
    const signs = classOf.map((one) => (one === c ? 1 : -1));
    const start = new Float64Array(terms.columns + 1);
    const best = minimise((point, gradient) => primal(signs, point, gradient), start, {
      tolerance: 1e-8,
      maxIterations: 1000,
      stop: null,
    });
    const own = new Float64Array(terms.columns + 1);
    layer.known.forEach((column, place) => (own[column] = layer.weights[place * classes + c]!));
    own[terms.columns] = layer.bias[c]!;
    const reached = primal(signs, own, new Float64Array(own.length));
    expect(reached).toBeLessThan(best.value * 1.01);
    expect(reached).toBeGreaterThan(best.value * 0.999);
  }
  expect(found.every(Number.isFinite)).toBe(true);
});

test("tell the classes of rows they have not seen, as far as these show theirs", () => {
  const later = createRandom(9);
  const truth = Array.from({ length: 300 }, () => later.integer(classes));
  const unseen = makeTerms(truth, { classes, sure: 0.8, random: later });
  const logits = logitsOf(fitTerms({ terms, targets, classes }, createRandom(1), null), unseen);
  const right = truth.filter((one, row) => {
    const ofRow = logits.subarray(row * classes, (row + 1) * classes);
    return ofRow.indexOf(Math.max(...ofRow)) === one;
  });
  // 0.8 show it, and a third of the others is guessed.
  expect(right.length / truth.length).toBeGreaterThan(0.8);
});

test("are the same for the same seed", () => {
  const once = fitTerms({ terms, targets, classes }, createRandom(1), null);
  expect(fitTerms({ terms, targets, classes }, createRandom(1), null)).toEqual(once);
});

test("keep the heaviest terms where there are too many to keep", () => {
  const columns = 50_000;
  const rows = 4;
  const each = columns / rows;
  const crowded: TermRows = {
    rows,
    columns,
    offsets: Uint32Array.from({ length: rows + 1 }, (_, row) => row * each),
    indices: Uint16Array.from({ length: columns }, (_, at) => at),
    // One term of each row weighs a hundred times as much as the others.
    values: Float32Array.from({ length: columns }, (_, at) => (at % each === 7 ? 0.9 : 0.009)),
  };
  const marks = Uint8Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  const { known, weights } = fitTerms({ terms: crowded, targets: marks, classes: 4 }, createRandom(1), null);
  expect(known.length).toBe((1 << 17) / 4);
  expect(weights.length).toBe(1 << 17);
  for (const heavy of [7, 7 + each, 7 + 2 * each, 7 + 3 * each]) expect(known).toContain(heavy);
});

test("stop when told to", () => {
  expect(() => fitTerms({ terms, targets, classes }, createRandom(1), { aborted: true })).toThrow(Stopped);
});
