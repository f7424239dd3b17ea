// Shares each pixel position out between the two nearest of a few cells, so that a shift of the image by a
// pixel moves the statistics a little and no image is too thin to have them.

/** For every position: the lower cell, and the share that goes to the cell after it. */
export interface CellShares {
  readonly cell: Uint8Array;
  readonly share: Float32Array;
}

/** For at least 2 cells; `cell` stays below `cells - 1`, so that the cell after it is always there. */
export function shareCells(length: number, cells: number): CellShares {
  const cell = new Uint8Array(length);
  const share = new Float32Array(length);
  for (let at = 0; at < length; at++) {
    const place = Math.min(cells - 1, Math.max(0, ((at + 0.5) / length) * cells - 0.5));
    const lower = Math.min(cells - 2, Math.floor(place));
    cell[at] = lower;
    share[at] = place - lower;
  }
  return { cell, share };
}
