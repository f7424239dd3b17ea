// Whether the rows of the last import are of another kind than those before.

import { classifierTwoSampleTest } from "../src/core/monitoring/drift";
import type { Surroundings } from "../src/core/monitoring/surroundings";
import type { ResidentMatrix } from "../src/core/kernels/kernels";
import type { Random } from "../src/core/random";

/** @param laterFrom the first place of the last import. @returns null where there are too few to tell. */
export function driftOf(
  { rows: all, dims }: ResidentMatrix,
  values: Float32Array,
  laterFrom: number,
  random: Random,
): Surroundings["drift"] {
  const rows = Uint32Array.from({ length: all }, (_, row) => row);
  const [earlier, later] = [rows.subarray(0, laterFrom), rows.subarray(laterFrom)];
  const drift = classifierTwoSampleTest(values, dims, earlier, later, { random, stop: null });
  return drift && { ...drift, earlier: earlier.length, later: later.length };
}
