// Brings features of different kinds to one scale before they are compared: each value by its own spread in
// the sample, each family by its number of values and a chosen weight.

/** Neighbouring values of one kind. */
export interface Family {
  readonly length: number;
  readonly weight: number;
}

export interface Scaling {
  readonly mean: Float32Array;
  readonly scale: Float32Array;
}

/** For any number of rows, none included. */
export function familyScaling(rows: readonly Float32Array[], families: readonly Family[]): Scaling {
  const total = families.reduce((sum, { length }) => sum + length, 0);
  const mean = new Float32Array(total);
  const variance = new Float32Array(total);
  for (const row of rows) for (let at = 0; at < total; at++) mean[at]! += row[at]! / rows.length;
  for (const row of rows)
    for (let at = 0; at < total; at++) variance[at]! += (row[at]! - mean[at]!) ** 2 / rows.length;
  const scale = new Float32Array(total);
  let start = 0;
  for (const { length, weight } of families) {
    const end = start + length;
    const usual = variance.subarray(start, end).reduce((sum, value) => sum + value, 0) / length;
    // A twentieth of the usual variance keeps values that hardly ever change from being blown up; the second
    // floor is for samples in which nothing changes.
    for (let at = start; at < end; at++)
      scale[at] = weight / Math.sqrt((variance[at]! + usual / 20 + 1e-6) * length);
    start = end;
  }
  return { mean, scale };
}

/** In place. */
export function applyScaling(row: Float32Array, { mean, scale }: Scaling): void {
  for (let at = 0; at < row.length; at++) row[at] = (row[at]! - mean[at]!) * scale[at]!;
}
