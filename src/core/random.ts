// Seeded randomness for everything in core. Same seed, same numbers, on every machine and tier.

export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** `count` different indices of [0, size), in random order. Throws RangeError if count > size. */
  sample(size: number, count: number): number[];
  /** Shuffles in place and returns the same array. */
  shuffle<T extends unknown[] | Uint32Array>(values: T): T;
  /** A generator of its own whose numbers depend on this one's seed and the name, not on how much was drawn. */
  fork(name: string): Random;
}

/** 32-bit FNV-1a of a string; good enough to spread seeds, not for anything secret. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32. */
export function createRandom(seed: number): Random {
  let mix = seed >>> 0;
  const splitmix = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let t = mix ^ (mix >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) | 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4294967296;
  };
  // The first outputs of sfc32 still show the seed.
  for (let turn = 0; turn < 12; turn++) next();

  const integer = (below: number) => Math.floor(next() * below);
  const random: Random = {
    next,
    integer,
    normal() {
      // Box-Muller; 1 - u keeps the logarithm finite.
      return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    },
    sample(size, count) {
      if (count > size) throw new RangeError(`Cannot draw ${count} different values out of ${size}.`);
      // Floyd's method keeps memory at O(count) however large the pool is.
      const chosen = new Set<number>();
      for (let top = size - count; top < size; top++) {
        const pick = integer(top + 1);
        chosen.add(chosen.has(pick) ? top : pick);
      }
      return random.shuffle([...chosen]);
    },
    shuffle(values) {
      for (let last = values.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        const kept = values[last]!;
        values[last] = values[other]!;
        values[other] = kept;
      }
      return values;
    },
    fork: (name) => createRandom(hashText(name, (seed ^ 0x811c9dc5) >>> 0)),
  };
  return random;
}
