// Predictions as CSV: what was looked at, the likeliest class and every probability. Formulas are neutralised as
// in the table of labels (./formula.ts).

import Papa from "papaparse";
import { formulaStart } from "./formula";
import type { PredictionColumns } from "../core/predictions";

const rowsPerPiece = 500;

/** @param rows which, in which order. @param classes names, in the order of the model's columns. */
export async function* predictionTable(
  predictions: PredictionColumns,
  rows: Uint32Array,
  classes: readonly string[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const write = (cells: readonly (readonly (string | number)[])[]) =>
    `${Papa.unparse(cells as (string | number)[][], { newline: "\r\n", escapeFormulae: formulaStart })}\r\n`;
  yield encoder.encode(`\uFEFF${write([["item", "predicted", "confidence", ...classes]])}`);
  for (let from = 0; from < rows.length; from += rowsPerPiece)
    yield encoder.encode(
      write(
        Array.from(rows.subarray(from, from + rowsPerPiece), (row) => [
          predictions.names[row]!,
          classes[predictions.guessOf(row)] ?? "",
          predictions.confidenceOf(row),
          ...predictions.probabilitiesOf(row),
        ]),
      ),
    );
}
