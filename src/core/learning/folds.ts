// Divides labelled rows into folds, and fits on all but one to see what a head says of rows it has not learnt
// from. Choosing the strength, calibrating and guarding against misleading neighbours all ask this.

import type { TrainingSet } from "./head";
import type { Random } from "../random";

/** Gives accuracy to 5 points and a temperature to a tenth; more folds would only cost time. */
const enoughTested = 100;

export interface Fold {
  /** Indices of rows of the training set, ascending. */
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Stratified: each class is spread evenly over the folds, so that only a class with one example can be missing
 * from the training part. Where the folds are large, only so many of them are made as test enough rows.
 * @param tested how many rows that is.
 * @returns none where there are too few rows for the folds to say anything.
 */
export function stratifiedFolds(
  { rows, targets, classes }: TrainingSet,
  count: number,
  random: Random,
  tested = enoughTested,
): Fold[] {
  if (rows < 2 * count) return [];
  const groups = new Map<string, number[]>();
  for (const row of random.shuffle(Array.from({ length: rows }, (_, at) => at))) {
    const key = targets.subarray(row * classes, (row + 1) * classes).join();
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key)!.push(row);
  }
  // Dealt out class after class like cards, so that folds differ by one row at most.
  const foldOf = new Uint32Array(rows);
  [...groups.keys()]
    .sort()
    .flatMap((key) => groups.get(key)!)
    .forEach((row, place) => (foldOf[row] = place % count));
  const wanted = Math.min(count, Math.ceil((tested * count) / rows));
  const all = Uint32Array.from(foldOf.keys());
  return Array.from({ length: wanted }, (_, fold) => ({
    train: all.filter((row) => foldOf[row] !== fold),
    test: all.filter((row) => foldOf[row] === fold),
  }));
}

/** The training set of some of its rows. */
export function subset(training: TrainingSet, rows: Uint32Array): TrainingSet {
  const { dims, classes } = training;
  return {
    features: gatherRows(training.features, dims, rows),
    rows: rows.length,
    dims,
    targets: gatherRows(training.targets, classes, rows),
    classes,
    places: rows.map((row) => training.places[row]!),
    products: training.products,
  };
}

/** Copies rows of a row-major matrix into a new one of the same kind. */
export function gatherRows<T extends Float32Array | Uint32Array | Uint8Array>(
  values: T,
  dims: number,
  rows: Uint32Array,
): T {
  const gathered = new (values.constructor as new (length: number) => T)(rows.length * dims);
  rows.forEach((row, at) => gathered.set(values.subarray(row * dims, (row + 1) * dims), at * dims));
  return gathered;
}
