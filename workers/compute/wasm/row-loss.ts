// The softmax loss along lines (core/learning/row-loss.ts) in WebAssembly, in float32. The logits are moved along
// with the point, so that their rounding is the same wherever along a line one looks.

import type { RowLoss, RowProblem } from "../../../src/core/learning/row-loss";
import type { RowLossExports } from "./instance";

const pageBytes = 65536;
/** Rows are gone through by four. */
const tileRows = 4;

const roundUp = (count: number, to: number) => Math.ceil(count / to) * to;

/**
 * One memory for all problems, of which the last one opened lives. Sigmoids have none here: null.
 * @param memory used from its second page on.
 */
export function createRowLosses(
  wasm: RowLossExports,
  memory: WebAssembly.Memory,
): (problem: RowProblem) => RowLoss | null {
  let current: RowProblem | null = null;

  return (problem) => {
    if (problem.activation !== "softmax") return null;
    const { features, rows, dims, columns, members, targets, rowWeights } = problem;
    const stride = roundUp(dims, 4);
    const bytes = stride * 4;
    const padded = roundUp(columns, 4);
    const width = columns * members;
    const perRow = members * padded;

    let top = pageBytes;
    const take = (numbers: number, size = 4) => {
      const address = top;
      top += roundUp(numbers * size, 64);
      return address;
    };
    const at = {
      features: take(rows * stride),
      targets: take(rows * padded),
      weights: take(rows * members),
      point: take(width * stride),
      biases: take(roundUp(width, 4)),
      logits: take(rows * perRow),
      slopes: take(rows * perRow),
      residuals: take((rows + tileRows) * perRow),
      gradient: take(width * stride),
      biasGradient: take(perRow),
      found: take(3, 8),
    };
    const missing = Math.ceil(top / pageBytes) - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
    const f32 = (address: number, length: number) => new Float32Array(memory.buffer, address, length);
    const points = f32(at.point, width * stride);
    const biases = f32(at.biases, width);
    const slopes = f32(at.slopes, rows * perRow);
    const gradients = f32(at.gradient, width * stride);
    const biasGradients = f32(at.biasGradient, perRow);
    const found = new Float64Array(memory.buffer, at.found, 3);
    spread(features, rows, dims, f32(at.features, rows * stride), stride);
    spread(targets, rows, columns, f32(at.targets, rows * padded), padded);
    f32(at.weights, rows * members).set(rowWeights ?? new Float32Array(rows * members).fill(1));
    f32(at.logits, rows * perRow).fill(0);
    f32(at.residuals, (rows + tileRows) * perRow).fill(0);
    slopes.fill(0);
    points.fill(0);
    current = problem;
    let probed = NaN;

    function line(point: Float64Array, to: number): void {
      if (current !== problem) throw new Error("Another fit has taken the memory of this one.");
      spread(point, width, dims, points, stride);
      biases.set(point.subarray(width * dims, width * (dims + 1)));
      wasm.fillLine(at.features, rows, bytes, columns, members, padded, at.point, at.biases, to);
      probed = NaN;
    }

    const { logits, residuals, targets: marks, weights } = at;
    return {
      stand(point) {
        line(point, logits);
        slopes.fill(0);
      },
      face: (direction) => line(direction, at.slopes),
      probe(step) {
        wasm.probeSoftmax(
          rows,
          columns,
          members,
          padded,
          step,
          logits,
          at.slopes,
          marks,
          weights,
          residuals,
          at.found,
        );
        probed = step;
        return { value: found[0]!, slope: found[1]!, curvature: found[2]! };
      },
      advance(step, gradient) {
        // The residuals of the last probe are there still.
        if (probed !== step)
          wasm.probeSoftmax(
            rows,
            columns,
            members,
            padded,
            step,
            logits,
            at.slopes,
            marks,
            weights,
            residuals,
            at.found,
          );
        wasm.addScaled(logits, step, at.slopes, rows * perRow);
        slopes.fill(0);
        probed = NaN;
        gradients.fill(0);
        biasGradients.fill(0);
        wasm.addSlopes(
          at.features,
          rows,
          bytes,
          columns,
          members,
          padded,
          residuals,
          at.gradient,
          at.biasGradient,
        );
        for (let column = 0; column < width; column++) {
          const [to, from] = [column * dims, column * stride];
          for (let k = 0; k < dims; k++) gradient[to + k]! += gradients[from + k]!;
          const member = Math.floor(column / columns);
          gradient[width * dims + column]! += biasGradients[member * padded + (column % columns)]!;
        }
      },
    };
  };
}

/** Copies `rows` rows from one distance to another; zero between, where `to` was. */
function spread(
  from: Float32Array | Float64Array,
  rows: number,
  each: number,
  to: Float32Array,
  distance: number,
): void {
  if (each === distance) to.set(from.subarray(0, rows * each));
  else {
    to.fill(0);
    for (let row = 0; row < rows; row++) to.set(from.subarray(row * each, (row + 1) * each), row * distance);
  }
}
