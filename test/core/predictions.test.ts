// Predictions in columns: kept over growth, filtered and ordered as asked.

import { expect, test } from "vitest";
import { PredictionColumns } from "../../src/core/predictions";

function columns(): PredictionColumns {
  const predictions = new PredictionColumns(2);
  predictions.add(["a", "b"], Float32Array.of(0.75, 0.25, 0.5, 0.5));
  predictions.add(["c", "d"], Float32Array.of(0.125, 0.875, 0.25, 0.75));
  return predictions;
}

test("each row has its likeliest class, of equal ones the first", () => {
  const predictions = columns();
  expect([0, 1, 2, 3].map((row) => predictions.guessOf(row))).toEqual([0, 0, 1, 1]);
  expect([0, 1, 2, 3].map((row) => predictions.confidenceOf(row))).toEqual([0.75, 0.5, 0.875, 0.75]);
  expect([...predictions.probabilitiesOf(2)]).toEqual([0.125, 0.875]);
});

test("they are ordered and filtered, and equal ones stay as they came", () => {
  const look = (guess: number | null, atLeast: number, order: "surest" | "most doubtful" | "as given") => [
    ...columns().look({ guess, atLeast, order }),
  ];
  expect(look(null, 0, "surest")).toEqual([2, 0, 3, 1]);
  expect(look(null, 0, "most doubtful")).toEqual([1, 0, 3, 2]);
  expect(look(null, 0.75, "as given")).toEqual([0, 2, 3]);
  expect(look(1, 0.8, "as given")).toEqual([2]);
});

test("thousands of batches are all kept, and a batch of another shape is refused", () => {
  const predictions = new PredictionColumns(3);
  for (let number = 0; number < 3000; number++)
    predictions.add([String(number)], Float32Array.of(0, number / 3000, 0.2));
  expect(predictions.length).toBe(3000);
  expect(predictions.guessOf(2999)).toBe(1);
  expect(predictions.guessOf(10)).toBe(2);
  expect(() => predictions.add(["x"], new Float32Array(2))).toThrow(
    "2 probabilities do not make 1 rows of 3 classes.",
  );
});
