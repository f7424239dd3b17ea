// Ids sort by the time they were made, and after every id their maker has seen.

import { expect, it } from "vitest";
import { createIdMaker, firstIdAt, momentOf } from "../../src/core/ids";
import { createRandom } from "../../src/core/random";

const random = () => {
  const drawn = createRandom(3);
  return () => drawn.integer(1000) / 1000;
};

it("keeps its ids in order within a millisecond and when the clock is set back", () => {
  const times = [50, 50, 49, 20, 51];
  const next = createIdMaker({ now: () => times.shift()!, random: random() });
  const ids = Array.from({ length: 5 }, next);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(5);
});

it("reads the moment out of an id", () => {
  for (const ms of [0, 1, 31, 32, 1_795_000_000_000]) expect(momentOf(firstIdAt(ms))).toBe(ms);
  expect(momentOf("1")).toBe(32 ** 9);
});

it("makes ids that sort after any it was shown, whatever clock made that", () => {
  const seen = [firstIdAt(9_000), `${firstIdAt(9_000).slice(0, 10)}ZZZZZZZZZZZZZZZZ`, "0U", "ZZZZZZZZZ"];
  for (const highest of seen) {
    const next = createIdMaker({ now: () => 5_000, random: random(), highest: () => highest });
    const [one, two] = [next(), next()];
    expect(one! > highest).toBe(true);
    expect(two! > one!).toBe(true);
  }
});
