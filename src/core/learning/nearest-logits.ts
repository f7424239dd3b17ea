// What the nearest labelled rows say: of a few rows, and of a whole pool.
//
// Of the k labelled rows with the largest inner product s (equal ones by lowest row), each votes for its classes
// with weight max(0, s)³. One vote more goes to the share that each class has of the labels, so that
//   p = (Σ weight · target + share) / (Σ weight + 1)
// is never 0 or 1. The logits are ln p for one class of several and ln p / (1 − p) for yes or no, divided by the
// temperature.

import { throwIfStopped, type StopSignal } from "../errors";
import type { Kernels, ResidentMatrix } from "../kernels/kernels";
import { plainProducts, type LinearProducts } from "./linear-products";
import type { NearestModel } from "./model";

// Bounds what one product leaves on the host: 8 million floats are 32 MB.
const floatsAtOnce = 8_000_000;
/** Of a few rows: with 2,000 labelled ones 16 MB of products. */
const rowsAtOnce = 1000;

/** The k best of what was offered so far, for each of several rows. */
class Nearest {
  readonly #k: number;
  readonly products: Float64Array;
  readonly rows: Uint32Array;

  constructor(count: number, k: number) {
    this.#k = k;
    this.products = new Float64Array(count * k).fill(-Infinity);
    this.rows = new Uint32Array(count * k);
  }

  /**
   * Offers a row of `width` products to each, those with the labelled rows from `first` on. Must come by rising
   * row, so that equal ones stay in order.
   */
  offer(offered: Float32Array | Float64Array, first: number, width: number): void {
    const k = this.#k;
    const { products, rows } = this;
    for (let from = 0, at = 0; from < products.length; from += k) {
      const last = from + k - 1;
      let least = products[last]!;
      for (let row = first; row < first + width; row++) {
        const product = offered[at++]!;
        if (!(product > least)) continue;
        let to = last;
        for (; to > from && product > products[to - 1]!; to--) {
          products[to] = products[to - 1]!;
          rows[to] = rows[to - 1]!;
        }
        products[to] = product;
        rows[to] = row;
        least = products[last]!;
      }
    }
  }
}

/** @param features row-major, rows × dims. @returns rows × classes. */
export function nearestLogits(
  model: NearestModel,
  features: Float32Array,
  rows: number,
  products: LinearProducts = plainProducts,
): Float64Array {
  const { dims, classes, places } = model;
  const labelled = places.length;
  // The labelled rows as the columns of a layer, biases 0.
  const point = new Float64Array(labelled * (dims + 1));
  point.set(model.features.subarray(0, labelled * dims));
  const logits = new Float64Array(rows * classes);
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - from);
    const found = new Float64Array(count * labelled);
    const own = features.subarray(from * dims, (from + count) * dims);
    products.fillLogits(own, count, dims, labelled, point, found);
    const nearest = new Nearest(count, model.k);
    nearest.offer(found, 0, labelled);
    logits.set(voteOf(model, nearest, count), from * classes);
  }
  return logits;
}

/** The labelled rows are taken a few at a time, as far as memory allows. @returns rows × classes. */
export async function poolNearestLogits(
  model: NearestModel,
  matrix: ResidentMatrix,
  kernels: Kernels,
  stop: StopSignal | null,
): Promise<Float64Array> {
  const { dims } = model;
  const { rows } = matrix;
  const labelled = model.places.length;
  const nearest = new Nearest(rows, model.k);
  const atOnce = Math.min(labelled, Math.max(1, Math.floor(floatsAtOnce / Math.max(1, rows))));
  for (let from = 0; from < labelled; from += atOnce) {
    throwIfStopped(stop);
    const width = Math.min(atOnce, labelled - from);
    const part = new Float32Array(dims * width);
    for (let row = 0; row < width; row++)
      for (let d = 0; d < dims; d++) part[d * width + row] = model.features[(from + row) * dims + d]!;
    nearest.offer(await kernels.multiply(matrix, part, width), from, width);
  }
  return voteOf(model, nearest, rows);
}

function voteOf(model: NearestModel, { products, rows: voters }: Nearest, rows: number): Float64Array {
  const { k, classes, targets, temperature, activation } = model;
  const shares = classShares(model);
  const logits = new Float64Array(rows * classes);
  const votes = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    votes.set(shares);
    let total = 1;
    for (let at = row * k; at < (row + 1) * k; at++) {
      const product = products[at]!;
      if (!(product > 0)) continue;
      const weight = product * product * product;
      total += weight;
      for (let c = 0; c < classes; c++) votes[c]! += weight * targets[voters[at]! * classes + c]!;
    }
    for (let c = 0; c < classes; c++) {
      const p = votes[c]! / total;
      const logit = activation === "softmax" ? Math.log(p) : Math.log(p / (1 - p));
      logits[row * classes + c] = logit / temperature;
    }
  }
  return logits;
}

/** Share of the labels that each class has; what always or never was said counts after the rule of succession. */
export function classShares({ classes, targets, places }: NearestModel): Float64Array {
  const rows = places.length;
  const shares = new Float64Array(classes);
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < classes; c++) shares[c]! += targets[row * classes + c]! / rows;
  const rare = 1 / (rows + 2);
  return shares.map((share) => Math.min(1 - rare, Math.max(rare, share)));
}
