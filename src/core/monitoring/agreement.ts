// How far two models say the same of the same items.

import type { Agreement } from "../round";

/**
 * Cohen's kappa (Cohen, A Coefficient of Agreement for Nominal Scales, 1960) of two guesses for each item.
 * @param classes every guess is below it.
 */
export function compareGuesses(
  earlier: ArrayLike<number>,
  later: ArrayLike<number>,
  classes: number,
): Omit<Agreement, "labels"> {
  const rows = later.length;
  if (earlier.length !== rows)
    throw new RangeError(`${earlier.length} guesses cannot be compared with ${rows}.`);
  const before = new Uint32Array(classes);
  const after = new Uint32Array(classes);
  let changed = 0;
  for (let at = 0; at < rows; at++) {
    before[earlier[at]!]! += 1;
    after[later[at]!]! += 1;
    if (earlier[at] !== later[at]) changed++;
  }
  let byChance = 0;
  for (let one = 0; one < classes; one++) byChance += (before[one]! / rows) * (after[one]! / rows);
  const observed = 1 - changed / rows;
  // Where both say one class of everything there is no agreement beyond chance to measure; they agree.
  const kappa = rows === 0 || byChance >= 1 ? 1 : (observed - byChance) / (1 - byChance);
  return { rows, changed, kappa };
}
