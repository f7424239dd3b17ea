// A group that nobody has labelled, beside two that somebody has.

import { expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { findFarItems } from "../../../src/core/monitoring/far-items";
import { createRandom } from "../../../src/core/random";
import { kernels, onCircle, uploadPoints } from "../make-pool";

const random = createRandom(2);
const around = (degrees: number, count: number) =>
  Array.from({ length: count }, () => onCircle(degrees + 12 * random.next()));
/** Two labelled kinds of 100, and 8 of a third far from both. */
const points = [
  ...around(0, 100),
  ...around(90, 100),
  ...Array.from({ length: 8 }, (_, at) => onCircle(200 + at)),
];
const labelled = Uint32Array.from({ length: 40 }, (_, at) => at * 5);
const candidates = Uint32Array.from(points.keys()).filter((row) => !labelled.includes(row));
const tools = { kernels, random: createRandom(1), stop: null };

test("finds the group, whole, and nothing beside it", async () => {
  const found = await findFarItems(await uploadPoints(points), candidates, labelled, tools);
  expect(found.looked).toBe(candidates.length);
  expect(found.groups).toHaveLength(1);
  expect(found.groups[0]!.every((row) => row >= 200)).toBe(true);
  expect(found.groups[0]!.toSorted()).toEqual([200, 201, 202, 203, 204, 205, 206, 207]);
  // The most central first.
  expect([203, 204]).toContain(found.groups[0]![0]);
});

test("no group where everything is near a label, or nothing has one, or nothing is left", async () => {
  const matrix = await uploadPoints(points);
  const twice = await uploadPoints([...points, ...points]);
  const copies = labelled.map((row) => row + points.length);
  expect((await findFarItems(twice, copies, labelled, tools)).far).toBe(0);
  expect((await findFarItems(matrix, candidates, Uint32Array.of(), tools)).far).toBe(0);
  expect((await findFarItems(matrix, Uint32Array.of(), labelled, tools)).looked).toBe(0);
  // All the same item.
  const same = await uploadPoints(Array.from({ length: 60 }, () => onCircle(10)));
  expect(
    (
      await findFarItems(
        same,
        candidates.filter((row) => row < 60),
        Uint32Array.of(0, 5, 10),
        tools,
      )
    ).far,
  ).toBe(0);
});

test("stops when told", async () => {
  const matrix = await uploadPoints(points);
  await expect(
    findFarItems(matrix, candidates, labelled, { ...tools, stop: { aborted: true } }),
  ).rejects.toThrow(Stopped);
});
