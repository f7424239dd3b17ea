// The labelled items most like those asked about: what a person compares a question with.

import type { Row } from "../ids";
import type { Kernels, ResidentMatrix } from "../kernels/kernels";
import type { LabelledRow, Neighbour, Question } from "../round";

/** The questions, each with the labelled items most like it. */
export async function besideLabelled(
  questions: readonly Question[],
  train: readonly LabelledRow[],
  matrix: ResidentMatrix,
  kernels: Kernels,
): Promise<Question[]> {
  const labelled = Uint32Array.from(train, ({ row }) => row).sort();
  const rows = questions.map(({ row }) => row);
  const nearest = await labelledNeighbours(matrix, rows, labelled, kernels);
  return questions.map((question, at) => ({ ...question, nearest: nearest[at]! }));
}

/** As many as fit in a row beside the reasons. */
const shown = 3;

/**
 * The three of largest inner product for each row, most alike first; equal ones by lowest row.
 * @param rows that have no label. @returns as many lists as rows, empty ones where nothing is labelled.
 */
export async function labelledNeighbours(
  matrix: ResidentMatrix,
  rows: readonly Row[],
  labelled: Uint32Array,
  kernels: Kernels,
): Promise<Neighbour[][]> {
  if (rows.length === 0 || labelled.length === 0) return rows.map(() => []);
  const products = await kernels.innerProducts(matrix, Uint32Array.from(rows), labelled);
  return rows.map((_, at) => {
    const best: Neighbour[] = [];
    for (let other = 0; other < labelled.length; other++) {
      const similarity = products[at * labelled.length + other]!;
      if (best.length === shown && similarity <= best[shown - 1]!.similarity) continue;
      const place = best.findIndex((one) => similarity > one.similarity);
      best.splice(place < 0 ? best.length : place, 0, { row: labelled[other]!, similarity });
      best.length = Math.min(best.length, shown);
    }
    return best;
  });
}
