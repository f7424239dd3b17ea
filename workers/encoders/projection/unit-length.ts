// The last step of every encoder: rows of Euclidean length 1, so that a dot product is a cosine.

/** In place. A row of zeros stays as it is. */
export function scaleToUnitLength(row: Float32Array): void {
  let squares = 0;
  for (let at = 0; at < row.length; at++) squares += row[at]! * row[at]!;
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let at = 0; at < row.length; at++) row[at]! *= scale;
}
