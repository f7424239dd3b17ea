// The guess among class probabilities.

/** The index of the largest; ties go to the first class. */
export function likeliest(probabilities: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < probabilities.length; at++) if (probabilities[at]! > probabilities[best]!) best = at;
  return best;
}
