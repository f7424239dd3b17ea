// TypiClust: the densest place of the largest group without a label.

import { expect, test } from "vitest";
import { bothSorted, strategy } from "../../../src/core/strategies/typiclust";
import { makePool, onCircle, selectRows } from "../make-pool";

// Five around 0°, four around 120°, three around 240°.
const points = [-8, -3, 0, 3, 8, 115, 119, 121, 126, 235, 240, 245].map(onCircle);

test("goes to groups without a label, the largest first, and asks about the most typical item", async () => {
  const pool = await makePool(points, null, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11], [10]);
  // Mean distances within the second group: 119° has 4, 2 and 7, 121° has 6, 2 and 5.
  expect((await selectRows(strategy, pool, 2)).slice(0, 2)).toEqual([2, 6]);
});

test("with more questions than groups it goes round again", async () => {
  const pool = await makePool(points.slice(0, 5), null);
  expect(new Set(await selectRows(strategy, pool, 5)).size).toBe(5);
});

test("takes more labels than fit on the stack", () => {
  const labelled = Uint32Array.from({ length: 300_000 }, (_, at) => 2 * at + 1);
  const rows = bothSorted(Uint32Array.of(4, 2, 0), labelled);
  expect(rows).toHaveLength(300_003);
  expect([...rows.subarray(0, 6)]).toEqual([0, 1, 2, 3, 4, 5]);
});
