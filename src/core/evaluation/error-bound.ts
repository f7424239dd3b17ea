// How many of the labels a model gave may be wrong, judged by a sample somebody checked.

/**
 * Upper end of the one-sided exact (Clopper and Pearson 1934) interval for a share: with this confidence the
 * share of wrong ones is at most this, whatever it truly is. 1 where nothing was checked.
 * @param wrong of `checked`, drawn at random.
 * @param confidence 0 to 1.
 */
export function upperErrorBound(wrong: number, checked: number, confidence = 0.95): number {
  if (checked === 0 || wrong >= checked) return 1;
  let [low, high] = [wrong / checked, 1];
  // The chance of so few wrong ones falls as the share rises; halving 50 times is exact to float64.
  for (let turn = 0; turn < 50; turn++) {
    const middle = (low + high) / 2;
    if (chanceOfAtMost(wrong, checked, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** P(X ≤ most) for X binomial. */
function chanceOfAtMost(most: number, count: number, share: number): number {
  let term = Math.log1p(-share) * count;
  let sum = Math.exp(term);
  for (let k = 1; k <= most; k++) {
    term += Math.log((count - k + 1) / k) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(term);
  }
  return sum;
}
