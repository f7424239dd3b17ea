// GALAXY: halves the stretch between labelled rows of different classes.

import { expect, test } from "vitest";
import { strategy } from "../../../src/core/strategies/galaxy";
import { makePool, onCircle, selectRows } from "../make-pool";

// In order of the first class: rows 0 to 8, the ends labelled.
const line = Array.from({ length: 9 }, (_, row) => [0.95 - row * 0.1, 0.05 + row * 0.1]);
const points = line.map((_, row) => onCircle(row));

test("asks in the middle between the two classes, then between that and the other end", async () => {
  const pool = await makePool(points, line, [1, 2, 3, 4, 5, 6, 7], [0, 8], [0, 1]);
  // Row 4 (0.55) is guessed to be of the first class, so the line lies between it and row 8; then row 6 is of the
  // second, and between 4 and 6 there is row 5.
  expect(await selectRows(strategy, pool, 3)).toEqual([4, 6, 5]);
});

test("with nothing between the classes it asks beside the line", async () => {
  const pool = await makePool(points, line, [0, 1, 2, 5, 6, 7, 8], [3, 4], [0, 1]);
  expect([2, 5]).toContain((await selectRows(strategy, pool, 1))[0]);
});
