// Draws a ball around each item, as large as stays within one group, and asks where the ball holds most that no
// ball of a labelled item holds.

import { throwIfExhausted, throwIfStopped } from "../errors";
import { clusterRows } from "../selection/cluster";
import { drawRows } from "../selection/cover-pool";
import type { Pool, Strategy, Tools } from "../selection/strategy";

/** Groups taken for classes before there is a head to say how many there are. */
const guessedClasses = 10;
/** Shares of balls that hold one group only, from the paper. */
const purity = 0.95;

export const strategy: Strategy = {
  id: "probcover",
  label: "Most within reach",
  summary:
    "Asks about the item with most unlabelled items close by; for very few labels and good embeddings.",
  paper: "Yehuda et al., Active Learning Through a Covering Lens, 2022",
  needs: [],
  parameters: [
    {
      id: "candidateLimit",
      label: "Candidates",
      summary: "Items considered, drawn at random; the cost grows with their square.",
      min: 200,
      max: 5000,
      step: 100,
      initial: 2000,
    },
  ],
  async select(pool, count, tools) {
    const { kernels, parameters, random, stop } = tools;
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    if (count === 0) return [];
    const rows = drawRows(pool.candidates, Math.max(count, parameters["candidateLimit"]!), random);
    const products = await kernels.innerProducts(pool.embeddings, rows, rows);
    const least = await reachOf(pool, rows, products, tools);
    const size = rows.length;
    const covered = new Uint8Array(size);
    const held = await kernels.innerProducts(pool.embeddings, pool.labelled, rows);
    held.forEach((product, at) => {
      if (product > least) covered[at % size] = 1;
    });
    const taken = new Uint8Array(size);
    const picks = [];
    for (let turn = 0; turn < count; turn++) {
      throwIfStopped(stop);
      let best = -1;
      let most = -1;
      for (let at = 0; at < size; at++) {
        if (taken[at]) continue;
        let reached = 0;
        for (let to = 0; to < size; to++)
          if (!covered[to] && (to === at || products[at * size + to]! > least)) reached++;
        if (reached > most) [best, most] = [at, reached];
      }
      taken[best] = 1;
      covered[best] = 1;
      for (let to = 0; to < size; to++) if (products[best * size + to]! > least) covered[to] = 1;
      picks.push({
        row: rows[best]!,
        score: most / size,
        reason: "More unlabelled items lie close to this one than to any other.",
      });
    }
    return picks;
  },
};

/**
 * The inner product beyond which two rows are within reach, such that 95% of the balls hold one group only: a ball
 * is pure as long as it ends before the nearest row of another group.
 */
async function reachOf(pool: Pool, rows: Uint32Array, products: Float32Array, tools: Tools): Promise<number> {
  const size = rows.length;
  const groups = Math.max(2, pool.classes || guessedClasses);
  const { clusters } = await clusterRows(pool, rows, groups, tools);
  const nearestOther = Float32Array.from({ length: size }, (_, at) => {
    let nearest = -1;
    for (let to = 0; to < size; to++)
      if (clusters[to] !== clusters[at]) nearest = Math.max(nearest, products[at * size + to]!);
    return nearest;
  }).sort();
  return nearestOther[Math.min(size - 1, Math.floor(purity * size))]!;
}
