// The contract of a file of vectors that were computed elsewhere: names and rows of numbers in, blocks out, and a
// sentence for each row that cannot be used.

import type { StopSignal } from "../../core/errors";
import type { Problem } from "../reader";

export interface VectorBlock {
  /** What each row is called; null where the file has no names and only the order counts. */
  readonly names: readonly string[] | null;
  /** Of the first row of this block among all, counted from 0. */
  readonly firstRow: number;
  readonly rows: number;
  /** rows × dims, row-major; rows named in `problems` are 0. */
  readonly values: Float32Array;
  readonly problems: readonly Problem[];
}

export interface VectorFile {
  readonly dims: number;
  /** null where only reading to the end tells. */
  readonly rows: number | null;
  readonly named: boolean;
  /** @throws UnreadableFile where the file breaks off; Stopped. */
  blocks(stop: StopSignal | null): AsyncIterable<VectorBlock>;
}

/** More than any encoder gives, and a row still fits a block. */
export const maxDims = 16_384;
export const blockRows = 1024;

/** Why a row of numbers cannot be used, as the middle of a sentence; null where it can. */
export function vectorFault(values: Float32Array): string | null {
  let squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) return "holds a number that is not finite (NaN or infinity)";
    squares += value * value;
  }
  return squares === 0 ? "holds zeros only" : null;
}

/** Checks the rows of a block, sets bad ones to 0 and says which they are. */
export function checkRows(values: Float32Array, dims: number, placeOf: (row: number) => string): Problem[] {
  const problems: Problem[] = [];
  for (let row = 0; row * dims < values.length; row++) {
    const own = values.subarray(row * dims, (row + 1) * dims);
    const fault = vectorFault(own);
    if (fault === null) continue;
    own.fill(0);
    problems.push(noVector(placeOf(row), fault));
  }
  return problems;
}

export function noVector(place: string, fault: string): Problem {
  const start = place.replace(/^row /, "Row ");
  return { place, message: `${start} ${fault}; its item has no vector.` };
}

/** "row 7 (cats/4.jpg)", counted from 1. */
export function placeOfRow(row: number, name: string | undefined): string {
  return name === undefined ? `row ${row + 1}` : `row ${row + 1} (${name})`;
}
