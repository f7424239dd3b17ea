// A pool whose committee says what is written down: each row has a dimension of its own, so that a member's weights
// are the logarithms of its probabilities.

import type { LinearLayer } from "../../src/core/kernels/kernels";
import type { Pool } from "../../src/core/selection/strategy";
import { makePool } from "./make-pool";

/** @param opinions members × rows × classes of probabilities, none of them 0. */
export async function makeCommitteePool(
  opinions: readonly (readonly (readonly number[])[])[],
): Promise<Pool> {
  const rows = opinions[0]!.length;
  const classes = opinions[0]![0]!.length;
  const points = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: rows }, (_, k) => (k === row ? 1 : 0)),
  );
  const mean = points.map((_, row) =>
    Array.from(
      { length: classes },
      (_, c) => opinions.reduce((sum, one) => sum + one[row]![c]!, 0) / opinions.length,
    ),
  );
  const members = opinions.map((ofMember): LinearLayer => ({
    dims: rows,
    classes,
    weights: Float32Array.from(ofMember.flat(), Math.log),
    bias: new Float32Array(classes),
  }));
  return { ...(await makePool(points, mean)), members };
}

/**
 * Two members over four rows: both undecided; sure of different answers; leaning to different answers; sure of the
 * same.
 */
export const differing = [
  [
    [0.5, 0.5],
    [0.99, 0.01],
    [0.7, 0.3],
    [0.99, 0.01],
  ],
  [
    [0.5, 0.5],
    [0.01, 0.99],
    [0.3, 0.7],
    [0.99, 0.01],
  ],
];
