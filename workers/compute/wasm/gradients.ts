// BADGE: k-means++ over the gradient embeddings, never made (see ./assembly/gradients.ts).

import { throwIfExhausted, type StopSignal } from "../../../src/core/errors";
import { createPace } from "./pace";
import { rowsPerCall, type RowMemory } from "./row-memory";

export async function gradientSample(
  matrix: RowMemory,
  probabilities: Float32Array,
  classes: number,
  given: Uint32Array,
  count: number,
  seed: number,
  stop: StopSignal | null,
): Promise<Uint32Array> {
  throwIfExhausted(count, given.length);
  if (probabilities.length !== matrix.rows * classes)
    throw new RangeError(`${probabilities.length} probabilities do not make ${matrix.rows} rows.`);
  const pace = createPace(stop);
  const chosen = new Uint32Array(count);
  if (count === 0) return chosen;

  matrix.prepare(true);
  const rows = given.slice().sort();
  const { length } = rows;
  const width = Math.ceil(classes / 4) * 4;
  const list = matrix.put(rows);
  const residuals = matrix.scratch(length * width * 4);
  const squares = matrix.scratch(length * 8);
  const least = matrix.scratch(length * 8);
  gather(probabilities, classes, rows, matrix.f32(residuals, length * width), width);
  const distances = matrix.f64(least, length).fill(Infinity);
  const { wasm } = matrix;
  if (classes > 0) wasm.makeGradients(list, length, residuals, classes, width, squares);
  else matrix.f64(squares, length).fill(0);

  for (let turn = 0; turn < count; turn++) {
    await pace();
    const place = turn === 0 ? wasm.farthest(squares, length) : wasm.draw(list, least, length, seed, turn);
    chosen[turn] = rows[place]!;
    distances[place] = -1;
    if (turn + 1 === count) break;
    wasm.takeGradient(list, place, residuals, width, squares);
    for (let from = 0; from < length; from += rowsPerCall) {
      const some = Math.min(rowsPerCall, length - from);
      const own = residuals + from * width * 4;
      wasm.lowerGradients(list + from * 4, some, own, width, squares + from * 8, least + from * 8);
    }
  }
  return chosen;
}

/** The listed rows of a rows × classes matrix, `width` numbers apart, zero behind the classes. */
function gather(
  values: Float32Array,
  classes: number,
  rows: Uint32Array,
  to: Float32Array,
  width: number,
): void {
  to.fill(0);
  rows.forEach((row, at) => {
    for (let c = 0; c < classes; c++) to[at * width + c] = values[row * classes + c]!;
  });
}
