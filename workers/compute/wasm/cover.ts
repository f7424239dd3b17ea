// Greedy k-center and k-means++ over the rows. The candidates' distances to the labelled rows are kept from one
// call to the next: of a pool that only loses candidates and gains labels, only the new labels are gone through.

import { throwIfExhausted, type StopSignal } from "../../../src/core/errors";
import { createPace } from "./pace";
import { rowsPerCall, type RowMemory } from "./row-memory";

interface Known {
  /** Float64 by row: squared distance to the nearest of `centres`. */
  readonly least: number;
  centres: Uint32Array;
  candidates: Uint32Array;
}

const knownOf = new WeakMap<RowMemory, Known>();

interface Candidates {
  /** Ascending, so that the first of equals is the lowest row. */
  readonly rows: Uint32Array;
  readonly list: number;
  /** Float64 for each: squared distance to the nearest centre, −1 once taken. */
  readonly least: number;
}

export async function farthestFirst(
  matrix: RowMemory,
  given: Uint32Array,
  centres: Uint32Array,
  count: number,
  stop: StopSignal | null,
): Promise<{ rows: Uint32Array; distances: Float32Array }> {
  throwIfExhausted(count, given.length);
  const rows = new Uint32Array(count);
  const distances = new Float32Array(count);
  const pace = createPace(stop);
  const candidates = await measure(matrix, given, centres, pace);
  const { wasm } = matrix;
  for (let turn = 0; turn < count; turn++) {
    await pace();
    const first = turn === 0 && centres.length === 0;
    const chosen = first
      ? nearestToMean(matrix, candidates)
      : byDistance(matrix, candidates, wasm.farthest(candidates.least, given.length));
    distances[turn] = Math.sqrt(chosen.squared);
    rows[turn] = take(matrix, candidates, chosen.place, turn + 1 < count);
  }
  return { rows, distances };
}

export async function spreadSample(
  matrix: RowMemory,
  given: Uint32Array,
  centres: Uint32Array,
  count: number,
  seed: number,
  stop: StopSignal | null,
): Promise<Uint32Array> {
  throwIfExhausted(count, given.length);
  const rows = new Uint32Array(count);
  const pace = createPace(stop);
  const candidates = await measure(matrix, given, centres, pace);
  const { list, least } = candidates;
  for (let turn = 0; turn < count; turn++) {
    await pace();
    const uniform = turn === 0 && centres.length === 0;
    if (uniform) matrix.f64(least, given.length).fill(1);
    const place = matrix.wasm.draw(list, least, given.length, seed, turn);
    if (uniform) matrix.f64(least, given.length).fill(Infinity);
    rows[turn] = take(matrix, candidates, place, turn + 1 < count);
  }
  return rows;
}

/** Marks a candidate as taken and, where more are to come, lowers the others' distances by it. */
function take(matrix: RowMemory, { rows, list, least }: Candidates, place: number, more: boolean): number {
  const row = rows[place]!;
  matrix.f64(least, rows.length)[place] = -1;
  if (more) {
    matrix.wasm.takeCentre(row);
    for (let from = 0; from < rows.length; from += rowsPerCall) lower(matrix, { rows, list, least }, from);
  }
  return row;
}

/** The next candidates' distances, by the centre taken last. */
function lower({ wasm }: RowMemory, { rows, list, least }: Candidates, from: number): void {
  wasm.lowerDistances(list + from * 4, Math.min(rowsPerCall, rows.length - from), least + from * 8);
}

/** Squared distances of the candidates to the nearest centre, Infinity without centres. */
async function measure(
  matrix: RowMemory,
  given: Uint32Array,
  centres: Uint32Array,
  pace: () => Promise<void> | undefined,
): Promise<Candidates> {
  matrix.prepare(true);
  const known = knownOf.get(matrix) ?? remember(matrix);
  const rows = given.slice().sort();
  const list = matrix.put(rows);
  const least = matrix.scratch(rows.length * 8);
  if (centres.length === 0) {
    matrix.f64(least, rows.length).fill(Infinity);
    return { rows, list, least };
  }
  const missing = missingFrom(known, rows, centres, matrix.rows);
  if (missing === null) matrix.f64(least, rows.length).fill(Infinity);
  else {
    const byRow = matrix.f64(known.least, matrix.rows);
    const own = matrix.f64(least, rows.length);
    rows.forEach((row, at) => (own[at] = byRow[row]!));
  }
  const candidates = { rows, list, least };
  // All centres for these rows, then for the next: their sketches, 400 kB at 384 dimensions, stay in the cache.
  for (let from = 0; from < rows.length; from += rowsPerCall) {
    await pace();
    for (const centre of missing ?? centres) {
      matrix.wasm.takeCentre(centre);
      lower(matrix, candidates, from);
    }
  }
  const byRow = matrix.f64(known.least, matrix.rows);
  const own = matrix.f64(least, rows.length);
  rows.forEach((row, at) => (byRow[row] = own[at]!));
  known.candidates = rows;
  known.centres = centres.slice();
  return candidates;
}

function remember(matrix: RowMemory): Known {
  const none = new Uint32Array(0);
  const known: Known = { least: matrix.keep(matrix.rows * 8), centres: none, candidates: none };
  knownOf.set(matrix, known);
  return known;
}

/** The centres the known distances leave out; null where they do not serve. */
function missingFrom(known: Known, rows: Uint32Array, centres: Uint32Array, all: number): Uint32Array | null {
  if (known.centres.length === 0) return null;
  const wanted = new Uint8Array(all);
  for (const row of centres) wanted[row] = 1;
  if (!known.centres.every((row) => wanted[row])) return null;
  for (const row of known.centres) wanted[row] = 0;
  const missing = centres.filter((row) => wanted[row]);
  wanted.fill(0);
  for (const row of known.candidates) wanted[row] = 1;
  return rows.every((row) => wanted[row]) ? missing : null;
}

interface Chosen {
  readonly place: number;
  readonly squared: number;
}

function byDistance(matrix: RowMemory, { least, rows }: Candidates, place: number): Chosen {
  return { place, squared: matrix.f64(least, rows.length)[place]! };
}

function nearestToMean(matrix: RowMemory, { rows, list }: Candidates): Chosen {
  const { stride, wasm } = matrix;
  const mean = matrix.scratch(stride * 8);
  const squared = matrix.scratch(rows.length * 8);
  matrix.f64(mean, stride).fill(0);
  wasm.addToMean(list, rows.length, mean);
  const sums = matrix.f64(mean, stride);
  sums.forEach((sum, k) => (sums[k] = sum / rows.length));
  wasm.squaredDistancesToPoint(list, rows.length, mean, 0, squared);
  const distances = matrix.f64(squared, rows.length);
  let place = 0;
  distances.forEach((value, at) => (place = value < distances[place]! ? at : place));
  return { place, squared: distances[place]! };
}
