// Smooth seeded noise over the plane: the grain, orange peel and ragged edges of the sample pictures.

/** `at` is value noise in [-1, 1] with features about one unit across; `layered` adds finer octaves. */
export function createNoise(seed) {
  const corner = (x, y) => {
    let hash = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed;
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    return ((hash ^ (hash >>> 15)) >>> 0) / 2147483648 - 1;
  };
  const at = (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = x - left;
    const v = y - top;
    const eastward = u * u * (3 - 2 * u);
    const southward = v * v * (3 - 2 * v);
    const north = corner(left, top) * (1 - eastward) + corner(left + 1, top) * eastward;
    const south = corner(left, top + 1) * (1 - eastward) + corner(left + 1, top + 1) * eastward;
    return north * (1 - southward) + south * southward;
  };
  const layered = (x, y, octaves) => {
    let sum = 0;
    let weight = 1;
    let total = 0;
    for (let octave = 0; octave < octaves; octave++) {
      const step = 2 ** octave;
      sum += weight * at(x * step + octave * 17.3, y * step - octave * 9.1);
      total += weight;
      weight *= 0.55;
    }
    return sum / total;
  };
  return { at, layered };
}

export function smoothstep(low, high, value) {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

export const mix = (from, to, share) => from + (to - from) * share;

/** Uniform in [low, high). */
export const between = (random, low, high) => low + (high - low) * random.next();

export const pick = (random, values) => values[random.integer(values.length)];
