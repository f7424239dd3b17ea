// Rows of terms taken apart, put together and placed among others.

import { expect, test } from "vitest";
import { gatherTerms, joinTerms, placeTerms, type TermRows } from "../../../src/core/learning/terms";

/** @param rows of each the terms, by number, each of the weight that is its number plus a half. */
function termRows(columns: number, ...rows: readonly (readonly number[])[]): TermRows {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach(({ length }, row) => (offsets[row + 1] = offsets[row]! + length));
  const indices = Uint16Array.from(rows.flat());
  return {
    rows: rows.length,
    columns,
    offsets,
    indices,
    values: Float32Array.from(indices, (one) => one + 0.5),
  };
}

const all = termRows(9, [1, 2], [], [8], [0, 3, 4]);

test("rows are gathered in the order asked for, more than once where asked", () => {
  expect(gatherTerms(all, Uint32Array.of(3, 1, 0, 3))).toEqual(termRows(9, [0, 3, 4], [], [1, 2], [0, 3, 4]));
  expect(gatherTerms(all, new Uint32Array(0))).toEqual(termRows(9));
});

test("parts are joined where they count the same terms", () => {
  expect(joinTerms([termRows(9, [1, 2], []), termRows(9), termRows(9, [8], [0, 3, 4])])).toEqual(all);
  expect(joinTerms([])).toBeNull();
  expect(joinTerms([termRows(9, [1]), termRows(8, [1])])).toBeNull();
});

test("rows that could not be read have no terms", () => {
  expect(placeTerms(termRows(9, [1, 2], [8]), [1, 4], 6)).toEqual(termRows(9, [], [1, 2], [], [], [8], []));
});
