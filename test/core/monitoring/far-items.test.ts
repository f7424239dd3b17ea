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

test("near-copies among what is far take nothing from a group, and scattered items are none", async () => {
  const dims = 24;
  const draw = createRandom(7);
  const near = (centre: readonly number[], spread: number) => {
    const moved = centre.map((value) => value + spread * draw.normal());
    const length = Math.hypot(...moved);
    return moved.map((value) => value / length);
  };
  const axis = (at: number) => Array.from({ length: dims }, (_, place) => (place === at ? 1 : 0));
  const kinds = [0, 1, 2].flatMap((kind) => Array.from({ length: 60 }, () => near(axis(kind), 0.12)));
  // The new kind is no closer together than the known ones.
  const group = Array.from({ length: 10 }, () => near(axis(5), 0.12));
  // Of twelve items that are like nothing else each has a near-copy: more than half of what is far.
  const loners = Array.from({ length: 12 }, () => near(axis(0), 9)).flatMap((one) => [one, near(one, 1e-3)]);
  const all = [...kinds, ...group, ...loners];
  const known = Uint32Array.from({ length: 60 }, (_, at) => at * 3);
  const others = Uint32Array.from(all.keys()).filter((row) => !known.includes(row));
  const found = await findFarItems(await uploadPoints(all), others, known, tools);
  expect(found.groups.map((one) => one.toSorted())).toEqual([
    Array.from({ length: 10 }, (_, at) => kinds.length + at),
  ]);
});

test("a pool that is known everywhere has no group, whatever its seed", async () => {
  let groups = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const draw = createRandom(seed);
    const all = Array.from({ length: 200 }, () => {
      const point = Array.from({ length: 16 }, () => draw.normal());
      const length = Math.hypot(...point);
      return point.map((value) => value / length);
    });
    const known = Uint32Array.from({ length: 40 }, (_, at) => at);
    const others = Uint32Array.from({ length: 160 }, (_, at) => 40 + at);
    groups += (await findFarItems(await uploadPoints(all), others, known, tools)).groups.length;
  }
  expect(groups).toBe(0);
});
