// Asks about items that make the model's weights most certain where the pool needs them.

import { scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped } from "../errors";
import { candidateLimit, drawRows } from "../selection/cover-pool";
import { lookAhead } from "../selection/look-ahead";
import type { Strategy } from "../selection/strategy";

/** Rows of length 1 hardly move a penalty of 1, so that it would choose by length alone. */
const ridge = 0.01;
/** Rows that stand for the pool, and labelled rows that count, at most; drawn at random. */
const sampleLimit = 500;

/**
 * BAIT with the binary Fisher information π(1 − π) x xᵀ of the likeliest class (Huseljic et al., Fast Fishing,
 * 2024): greedily minimises tr(M⁻¹ F), with M the information of what is labelled and chosen and F that of the
 * pool. Each pick costs one pass over the products of candidates and sample.
 */
export const strategy: Strategy = {
  id: "bait",
  label: "BAIT",
  summary:
    "Asks about items that narrow the model's weights most where the pool needs it; wants good embeddings.",
  paper: "Ash et al., Gone Fishing: Neural Active Learning with Fisher Embeddings, 2021",
  needs: ["probabilities"],
  modes: ["single"],
  parameters: [candidateLimit],
  async select(pool, count, tools) {
    const { parameters, random, stop } = tools;
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    if (count === 0) return [];
    const information = informationOf(scoresOf(pool).probabilities, pool.classes);
    const candidates = drawRows(pool.candidates, Math.max(count, parameters["candidateLimit"]!), random);
    const sample = drawRows(pool.candidates, sampleLimit, random);
    const labelled = drawRows(pool.labelled, sampleLimit, random);
    const share = 1 / (pool.labelled.length + count);
    const scale = labelled.length === 0 ? 0 : (share * pool.labelled.length) / labelled.length;
    const weights = Float64Array.from(labelled, (row) => scale * information(row));
    const own = await lookAhead(pool, candidates, candidates, labelled, weights, ridge, tools);
    const { products } = await lookAhead(pool, candidates, sample, labelled, weights, ridge, tools);
    const among = own.products;
    const size = candidates.length;
    const needed = Float64Array.from(sample, (row) => information(row) / sample.length);
    const picks = [];
    const open = new Set(candidates.keys());
    for (let turn = 0; turn < count; turn++) {
      throwIfStopped(stop);
      let best = -1;
      let most = -Infinity;
      for (const at of open) {
        const c = share * information(candidates[at]!);
        let gain = 0;
        for (let to = 0, from = at * sample.length; to < sample.length; to++, from++)
          gain += needed[to]! * products[from]! ** 2;
        const score = (c * gain) / (1 + c * Math.max(0, among[at * size + at]!));
        // What rounding makes of equal rows must not choose between them.
        if (best < 0 || score > most * (1 + 1e-6) + 1e-12) [best, most] = [at, score];
      }
      open.delete(best);
      picks.push({
        row: candidates[best]!,
        score: most,
        reason: "An answer here would settle what the model is least certain of.",
      });
      const c = share * information(candidates[best]!);
      const step = c / (1 + c * Math.max(0, among[best * size + best]!));
      const ofBest = among.slice(best * size, (best + 1) * size);
      const toSample = products.slice(best * sample.length, (best + 1) * sample.length);
      for (let at = 0; at < size; at++) {
        const factor = step * ofBest[at]!;
        for (let to = 0; to < size; to++) among[at * size + to]! -= factor * ofBest[to]!;
        for (let to = 0; to < sample.length; to++)
          products[at * sample.length + to]! -= factor * toSample[to]!;
      }
    }
    return picks;
  },
};

/** π(1 − π) of the likeliest class of a row. */
function informationOf(probabilities: Float32Array, classes: number): (row: number) => number {
  return (row) => {
    let highest = 0;
    for (let at = row * classes; at < (row + 1) * classes; at++)
      if (probabilities[at]! > highest) highest = probabilities[at]!;
    return highest * (1 - highest);
  };
}
