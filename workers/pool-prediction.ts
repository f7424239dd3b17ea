// What a model says of every row, a block of scores at a time: the likeliest class and its probability.

import type { Scores } from "../src/core/kernels/kernels";
import type { PoolPrediction } from "./api";

export function makePrediction(rows: number): PoolPrediction {
  return { guesses: new Uint16Array(rows), confidences: new Float32Array(rows) };
}

/** Writes the likeliest class of each row scored, from `firstRow` on. */
export function takeLikeliest(
  { probabilities, margin }: Scores,
  firstRow: number,
  { guesses, confidences }: PoolPrediction,
): void {
  const rows = margin.length;
  const classes = rows === 0 ? 0 : probabilities.length / rows;
  for (let row = 0; row < rows; row++)
    for (let one = 0; one < classes; one++) {
      const probability = probabilities[row * classes + one]!;
      if (probability <= confidences[firstRow + row]!) continue;
      confidences[firstRow + row] = probability;
      guesses[firstRow + row] = one;
    }
}
