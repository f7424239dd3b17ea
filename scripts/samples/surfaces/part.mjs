// The part under the camera before light falls on it: height, colour and gloss per sample, twice as fine as
// the picture so that hairlines are not jagged. Lengths are in picture pixels throughout.

export const sizePx = 160;
export const samplesPerPx = 2;
export const side = sizePx * samplesPerPx;

export function createPart() {
  const layer = () => new Float32Array(side * side);
  return { height: layer(), red: layer(), green: layer(), blue: layer(), gloss: layer().fill(1) };
}

/** Calls visit(at, x, y) for every sample whose centre lies in the box; without a box, for all. */
export function forEachSample(visit, left = 0, top = 0, right = sizePx, bottom = sizePx) {
  const first = (low) => Math.max(0, Math.floor(low * samplesPerPx));
  const last = (high) => Math.min(side - 1, Math.ceil(high * samplesPerPx));
  for (let row = first(top); row <= last(bottom); row++) {
    for (let column = first(left); column <= last(right); column++) {
      visit(row * side + column, (column + 0.5) / samplesPerPx, (row + 0.5) / samplesPerPx);
    }
  }
}

/** Lays `colour` over the sample with the given cover in [0, 1]. */
export function tint(part, at, colour, cover) {
  part.red[at] += (colour[0] - part.red[at]) * cover;
  part.green[at] += (colour[1] - part.green[at]) * cover;
  part.blue[at] += (colour[2] - part.blue[at]) * cover;
}

export function darken(part, at, factor) {
  part.red[at] *= factor;
  part.green[at] *= factor;
  part.blue[at] *= factor;
}
