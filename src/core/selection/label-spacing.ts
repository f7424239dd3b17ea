// How close together rows lie: the scale that coverage should work at.

import type { Pool, Tools } from "./strategy";

const sampledAtMost = 400;

/**
 * The smallest distance between two labelled rows that do not coincide, of at most 400 drawn at random; null where
 * there are no two. Rows count as of length 1.
 */
export async function smallestSpacing(
  { embeddings, labelled }: Pool,
  { kernels, random }: Pick<Tools, "kernels" | "random">,
): Promise<number | null> {
  const rows = sample(labelled, random);
  const products = await kernels.innerProducts(embeddings, rows, rows);
  let nearest = -Infinity;
  for (let row = 0; row < rows.length; row++)
    for (let other = 0; other < row; other++) {
      const product = products[row * rows.length + other]!;
      // Copies have a distance of 0, which would leave nothing covered.
      if (product < coinciding && product > nearest) nearest = product;
    }
  return nearest === -Infinity ? null : Math.sqrt(2 - 2 * nearest);
}

const coinciding = 1 - 1e-4;

/** The median distance between two rows of a sample, in which √2 is what unrelated rows have; null of fewer than 2. */
export async function medianDistance(
  { embeddings }: Pick<Pool, "embeddings">,
  rows: Uint32Array,
  { kernels, random }: Pick<Tools, "kernels" | "random">,
): Promise<number | null> {
  const some = sample(rows, random);
  const products = await kernels.innerProducts(embeddings, some, some);
  const distances: number[] = [];
  for (let row = 0; row < some.length; row++)
    for (let other = 0; other < row; other++)
      distances.push(Math.sqrt(Math.max(0, 2 - 2 * products[row * some.length + other]!)));
  return distances.length === 0 ? null : Float64Array.from(distances).sort()[distances.length >> 1]!;
}

function sample(rows: Uint32Array, random: Tools["random"]): Uint32Array {
  if (rows.length <= sampledAtMost) return rows;
  return Uint32Array.from(random.sample(rows.length, sampledAtMost), (at) => rows[at]!).sort();
}
