// Coverage of a pool by few of its rows, on a random part of it: what the strategies that spread their questions
// share. The greedy choice itself is in ../kernels/coverage.

import { coverGreedily, toSimilarities } from "../kernels/coverage";
import { throwIfExhausted, throwIfStopped } from "../errors";
import type { Parameter } from "../parameter";
import type { Pick as Picked, Pool, Tools } from "./strategy";

export const candidateLimit: Parameter = {
  id: "candidateLimit",
  label: "Candidates",
  summary: "Items considered as questions, drawn at random; more choose better and take longer.",
  min: 100,
  max: 5000,
  step: 100,
  initial: 1000,
};

export const evaluationLimit: Parameter = {
  id: "evaluationLimit",
  label: "Items to stand for",
  summary: "Items the questions should stand for, drawn at random.",
  min: 100,
  max: 10_000,
  step: 100,
  initial: 2000,
};

// Bounds what is held of the asked rows' similarities at a time: 512 × 2,000 floats are 4 MB.
const askedPerBlock = 512;

export interface CoverPlan {
  /** Rows that may be chosen, ascending. */
  readonly candidates: Uint32Array;
  /** Rows that the chosen should stand for. */
  readonly targets: Uint32Array;
  /** How much each target matters. */
  readonly weights: Float32Array;
  /** Turns inner products into similarities from 0 to 1, in place. */
  readonly toSimilarity: (products: Float32Array) => Float32Array;
}

/**
 * Greedily chooses `count` rows of the candidates, so that the targets, by weight, are as similar as can be to the
 * nearest of what is labelled, was passed over by people, or is chosen: what lies beside a skipped item is little
 * likelier to be answered than that was.
 * @returns the rows in order of choice, with the weighted similarity each has added.
 */
export async function coverPool(
  { embeddings, labelled, passed }: Pick<Pool, "embeddings" | "labelled" | "passed">,
  { candidates, targets, weights, toSimilarity }: CoverPlan,
  count: number,
  { kernels, stop }: Pick<Tools, "kernels" | "stop">,
): Promise<{ rows: Uint32Array; gains: number[] }> {
  const covered = new Float32Array(targets.length);
  const asked = passed.length === 0 ? labelled : Uint32Array.from([...labelled, ...passed]);
  for (let from = 0; from < asked.length; from += askedPerBlock) {
    throwIfStopped(stop);
    const block = asked.slice(from, from + askedPerBlock);
    const similarities = toSimilarity(await kernels.innerProducts(embeddings, block, targets));
    for (let row = 0, at = 0; row < block.length; row++)
      for (let to = 0; to < targets.length; to++, at++)
        if (similarities[at]! > covered[to]!) covered[to] = similarities[at]!;
  }
  const similarities = toSimilarity(await kernels.innerProducts(embeddings, candidates, targets));
  const given = { similarities, candidates: candidates.length, weights, covered };
  const { chosen, gains } = coverGreedily(given, count, stop);
  return { rows: Uint32Array.from(chosen, (at) => candidates[at]!), gains };
}

/**
 * Draws what may be chosen and what it should stand for, within the limits of the parameters above.
 * @throws PoolExhausted, Stopped
 */
export function drawParts(
  { candidates: open, targets: judged = open }: Pick<Pool, "candidates" | "targets">,
  count: number,
  { random, parameters, stop }: Tools,
): Pick<CoverPlan, "candidates" | "targets"> {
  throwIfStopped(stop);
  throwIfExhausted(count, open.length);
  const candidates = drawRows(open, Math.max(count, parameters["candidateLimit"]!), random);
  return { candidates, targets: drawRows(judged, parameters["evaluationLimit"]!, random) };
}

/** Covers the pool, each target mattering as much as the others. */
export async function coverEvenly(
  pool: Pool,
  count: number,
  tools: Tools,
  toSimilarity: CoverPlan["toSimilarity"],
  reason: string,
): Promise<Picked[]> {
  const { candidates, targets } = drawParts(pool, count, tools);
  const weights = new Float32Array(targets.length).fill(1 / targets.length);
  const { rows, gains } = await coverPool(pool, { candidates, targets, weights, toSimilarity }, count, tools);
  return Array.from(rows, (row, turn) => ({ row, score: gains[turn]!, reason }));
}

/** exp(−‖x − y‖² / h²) of rows of length 1, from their inner products. */
export function byDistance(lengthScale: number): CoverPlan["toSimilarity"] {
  return (products) => toSimilarities(products, lengthScale);
}

/** At most `limit` of the rows, ascending, so that the lowest index is the lowest row. */
export function drawRows(rows: Uint32Array, limit: number, random: Tools["random"]): Uint32Array {
  if (rows.length <= limit) return rows;
  return Uint32Array.from(random.sample(rows.length, limit), (at) => rows[at]!).sort();
}
