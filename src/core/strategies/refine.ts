// Lets many strategies sift the pool turn by turn, each on random parts of it, and chooses from what is left.

import { strategy as badge } from "./badge";
import { strategy as bait } from "./bait";
import { strategy as dropquery } from "./dropquery";
import { strategy as margin } from "./margin";
import { strategy as maxHerding } from "./max-herding";
import { strategy as typiclust } from "./typiclust";
import { strategy as uherding } from "./uherding";
import { throwIfExhausted, throwIfStopped, TooFewLabels } from "../errors";
import { resolveParameters } from "../parameter";
import { drawRows } from "../selection/cover-pool";
import type { Pool, Strategy, Tools } from "../selection/strategy";

/** Those of the paper that are here, but for AlfaMix. */
const sieves: readonly Strategy[] = [margin, badge, bait, typiclust, dropquery, maxHerding, uherding];
/** In later turns each strategy sees this share of what the turn before left, as in the paper. */
const laterShare = 0.4;

/**
 * Progressive filtering: `turns` times each strategy chooses a batch from each of `parts` random parts of the pool,
 * and the union is the pool of the next turn; at last uherding chooses among what is left.
 */
export const strategy: Strategy = {
  id: "refine",
  label: "Sift with all",
  summary:
    "Lets seven strategies sift the items turn by turn and keeps the best of what they agree on; slow.",
  paper:
    "Huseljic et al., Cleaning the Pool: Progressive Filtering of Unlabeled Pools in Deep Active Learning, 2026",
  needs: ["probabilities", "layer"],
  modes: ["single"],
  parameters: [
    {
      id: "turns",
      label: "Turns",
      summary: "How often the items are sifted.",
      min: 1,
      max: 5,
      step: 1,
      initial: 2,
    },
    {
      id: "parts",
      label: "Parts",
      summary: "Random parts of the items that each strategy looks at in each turn.",
      min: 1,
      max: 10,
      step: 1,
      initial: 2,
    },
    {
      id: "partSize",
      label: "Size of a part",
      summary: "Items in each part of the first turn.",
      min: 100,
      max: 5000,
      step: 100,
      initial: 500,
    },
  ],
  async select(pool, count, tools) {
    throwIfStopped(tools.stop);
    throwIfExhausted(count, pool.candidates.length);
    if (count === 0) return [];
    const left = await sift(pool, count, tools);
    const final = resolveParameters(uherding.parameters, {});
    const among = { ...tools, parameters: { ...final, candidateLimit: left.length } };
    const picks = await uherding.select({ ...pool, candidates: left }, count, among);
    return picks.map((pick) => ({ ...pick, stage: "refined", reason: siftedReason }));
  },
};

export const siftedReason = "Several ways of asking agree on this one.";

/**
 * The candidates that are left after sifting, `count` or more of them, ascending.
 * @param pause is awaited before each sieve, so that a stop can come in.
 * @throws TooFewLabels before there is a head with a layer; Stopped when told to stop.
 */
export async function sift(
  pool: Pool,
  count: number,
  tools: Tools,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Uint32Array> {
  const { parameters, random, stop } = tools;
  if (!pool.scores || !pool.layer) throw new TooFewLabels();
  let left = pool.candidates;
  for (let turn = 0; turn < parameters["turns"]!; turn++) {
    const size = turn === 0 ? parameters["partSize"]! : Math.round(left.length * laterShare);
    const kept = new Set<number>();
    for (const sieve of sieves)
      for (let part = 0; part < parameters["parts"]!; part++) {
        await pause();
        throwIfStopped(stop);
        const seen = drawRows(left, Math.max(count, size), random);
        for (const row of await choose(sieve, { ...pool, candidates: seen }, count, tools)) kept.add(row);
      }
    left = Uint32Array.from(kept).sort();
  }
  return left;
}

async function choose(sieve: Strategy, pool: Pool, count: number, tools: Tools): Promise<number[]> {
  const parameters = resolveParameters(sieve.parameters, {});
  const picks = await sieve.select(pool, count, { ...tools, parameters });
  return picks.map(({ row }) => row);
}
