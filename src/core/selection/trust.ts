// How far the doubt over an item can be trusted to be worth an answer: less near items that people marked as unsure,
// and near copies of each other that were answered differently. No label would settle those.

import { throwIfStopped } from "../errors";
import { drawRows } from "./cover-pool";
import type { Pool, Tools } from "./strategy";

/** Cosine from which an item counts as a near copy among unrelated ones, and where the effect begins to fade. */
const alike = 0.95;
const fadesFrom = 0.85;
const blockRows = 256;
/** Labelled rows that are compared with all others; more are drawn at random, as the cost grows with both. */
const comparedAtMost = 2000;

/**
 * @param rows whose trust is wanted.
 * @param caution 0 trusts everything, 1 gives a copy of an unsure item no weight at all.
 * @param scale the median distance of the pool over that of unrelated rows, √2: where all rows are alike, near copies
 * are nearer still.
 * @returns 0 to 1 for each of the rows.
 */
export async function trustOf(
  pool: Pool,
  rows: Uint32Array,
  caution: number,
  scale: number,
  tools: Tools,
): Promise<Float32Array> {
  const trust = new Float32Array(rows.length).fill(1);
  if (caution === 0) return trust;
  const [copy, fades] = [scaled(alike, scale), scaled(fadesFrom, scale)];
  // No spread arguments: there may be more rows than fit on the stack.
  const doubted = Uint32Array.from([...pool.unsure].concat(await contradicted(pool, copy, tools))).sort();
  for (let from = 0; from < doubted.length; from += blockRows) {
    throwIfStopped(tools.stop);
    const block = doubted.slice(from, from + blockRows);
    const products = await tools.kernels.innerProducts(pool.embeddings, block, rows);
    products.forEach((product, at) => {
      const to = at % rows.length;
      const nearness = Math.min(1, Math.max(0, (product - fades) / (copy - fades)));
      trust[to] = Math.min(trust[to]!, 1 - caution * nearness);
    });
  }
  return trust;
}

/** The cosine of two rows whose distance is `scale` times that of rows with this one. */
function scaled(cosine: number, scale: number): number {
  return 1 - scale * scale * (1 - cosine);
}

/** Labelled rows with a near copy that has other classes, one or more. */
async function contradicted(
  { embeddings, labelled, outcomes }: Pool,
  copy: number,
  { kernels, random, stop }: Tools,
): Promise<number[]> {
  const found = new Set<number>();
  const places = drawRows(Uint32Array.from(labelled.keys()), comparedAtMost, random);
  for (let from = 0; from < places.length; from += blockRows) {
    throwIfStopped(stop);
    const block = places.slice(from, from + blockRows);
    const rows = block.map((place) => labelled[place]!);
    const products = await kernels.innerProducts(embeddings, rows, labelled);
    block.forEach((place, at) => {
      for (let to = 0; to < labelled.length; to++)
        if (outcomes[to] !== outcomes[place] && products[at * labelled.length + to]! >= copy)
          found.add(labelled[place]!);
    });
  }
  return [...found];
}
