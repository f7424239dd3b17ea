// The index of items against a plain Map and array, over growth and items that share a slot.

import { expect, test } from "vitest";
import type { ItemId } from "../../src/core/ids";
import { hashWords, ItemIndex, packItemIds } from "../../src/core/item-index";
import { createRandom } from "../../src/core/random";

/** Ids that begin alike, so that they collide in every table. */
function makeIds(count: number, shared: number): ItemId[] {
  const random = createRandom(7);
  return Array.from({ length: count }, (_, at) => {
    const word = () =>
      random
        .integer(2 ** 32)
        .toString(16)
        .padStart(8, "0");
    const first = at % 16 === 0 ? shared.toString(16).padStart(8, "0") : word();
    return [first, ...Array.from({ length: hashWords - 1 }, word)].join("") as ItemId;
  });
}

test("every item is found at its row, also after growing, and its id comes back as it was", () => {
  const ids = makeIds(9000, 4096);
  const index = new ItemIndex();
  for (let from = 0; from < ids.length; from += 777) index.append(packItemIds(ids.slice(from, from + 777)));
  expect(index.length).toBe(ids.length);
  ids.forEach((id, row) => {
    if (index.rowOf(id) !== row || index.idOf(row) !== id)
      throw new Error(`Row ${row}: ${id} was found at ${index.rowOf(id)} as ${index.idOf(row)}.`);
  });
});

test("an item that is not there is not found, and a row that is not there is refused", () => {
  const [one, other] = makeIds(2, 1) as [ItemId, ItemId];
  const index = new ItemIndex();
  expect(index.rowOf(one)).toBeUndefined();
  index.append(packItemIds([one]));
  expect(index.rowOf(other)).toBeUndefined();
  expect(() => index.idOf(1)).toThrow("There is no row 1; the project has 1.");
  expect(() => index.idOf(-1)).toThrow(RangeError);
});
