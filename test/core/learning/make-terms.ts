// Texts made of a few terms each, some of which go with a class, for the tests of what reads terms.

import type { TermRows } from "../../../src/core/learning/terms";
import type { Random } from "../../../src/core/random";

/** @param sure how often a row has a term that only its class has; the other terms are drawn without regard to it. */
export function makeTerms(
  classOf: readonly number[],
  { classes, sure, random }: { readonly classes: number; readonly sure: number; readonly random: Random },
): TermRows {
  const own = 5;
  const common = 40;
  const rows = classOf.map((one) => {
    const found = new Set(Array.from({ length: 6 }, () => classes * own + random.integer(common)));
    if (random.next() < sure) found.add(one * own + random.integer(own));
    return [...found].sort((a, b) => a - b);
  });
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach(({ length }, row) => (offsets[row + 1] = offsets[row]! + length));
  return {
    rows: rows.length,
    columns: classes * own + common,
    offsets,
    indices: Uint16Array.from(rows.flat()),
    values: Float32Array.from(rows.flatMap((terms) => terms.map(() => 1 / Math.sqrt(terms.length)))),
  };
}
