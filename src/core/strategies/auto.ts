// The default: covers the pool while nothing is known, then weighs coverage by doubt, and trusts some doubts less.

import { reasonFor } from "../kernels/by-score";
import { byDistance, candidateLimit, coverPool, drawParts, evaluationLimit } from "../selection/cover-pool";
import { medianDistance, smallestSpacing } from "../selection/label-spacing";
import { trustOf } from "../selection/trust";
import type { Pool, Strategy, Tools } from "../selection/strategy";

/** Of rows that have nothing to do with each other; the reaches below are meant for such a pool. */
const unrelatedDistance = Math.SQRT2;
const widestReach = 1;

/**
 * MaxHerding without a head; uncertainty herding with one, its weights lowered near what people skipped or could not tell
 * and near copies that were answered differently. The reach shrinks with the distance between labelled items and
 * grows or shrinks with the spread of the embeddings, so that crowded ones are not taken for one point.
 */
export const strategy: Strategy = {
  id: "auto",
  label: "Automatic",
  summary:
    "Covers all kinds of items first and moves to the doubtful ones as the model learns; no settings needed.",
  paper:
    "After Bae, Oliveira and Sutherland, Uncertainty Herding: One Active Learning Method for All Label Budgets, 2025",
  needs: [],
  parameters: [
    candidateLimit,
    evaluationLimit,
    {
      id: "leastReach",
      label: "Least reach",
      summary: "Items closer than this always stand for each other, however dense the labels are.",
      min: 0.05,
      max: 1,
      step: 0.05,
      initial: 0.3,
    },
    {
      id: "caution",
      label: "Caution",
      summary:
        "How much less items count that lie near skipped, unsure or contradictory ones; 0 counts them fully.",
      min: 0,
      max: 1,
      step: 0.1,
      initial: 0.8,
    },
  ],
  async select(pool, count, tools) {
    const { parameters } = tools;
    const { candidates, targets } = drawParts(pool, count, tools);
    const margin = pool.scores?.margin ?? null;
    const doubt = doubtOf(pool);
    const scale = await scaleOf(pool, targets, tools);
    const trust = await trustOf(pool, targets, parameters["caution"]!, scale, tools);
    const weights = trust.map((one, at) => (one * (doubt ? doubt[targets[at]!]! : 1)) / targets.length);
    const toSimilarity = byDistance(await reachFor(pool, scale, tools));
    const plan = { candidates, targets, weights, toSimilarity };
    const { rows, gains } = await coverPool(pool, plan, count, tools);
    return Array.from(rows, (row, turn) => ({
      row,
      score: gains[turn]!,
      stage: margin ? "weighted-coverage" : "cold-start",
      reason: margin
        ? reasonFor(margin[row]!, "The model hesitates here, and on items that look like this one.")
        : "Many items that nobody has labelled yet look like this one.",
    }));
  },
};

/** Where an item may have several classes the doubt about each of them counts, not only the greatest. */
function doubtOf({ scores, answerMode }: Pool): Float32Array | null {
  return scores && (answerMode === "multiple" ? scores.entropy : scores.margin);
}

/** How far apart the pool lies, as a share of how far unrelated rows do. */
async function scaleOf(pool: Pool, targets: Uint32Array, tools: Tools): Promise<number> {
  const spread = (await medianDistance(pool, targets, tools)) ?? unrelatedDistance;
  return Math.max(1e-3, spread / unrelatedDistance);
}

async function reachFor(pool: Pool, scale: number, tools: Tools): Promise<number> {
  if (!pool.scores) return widestReach * scale;
  const spacing = (await smallestSpacing(pool, tools)) ?? widestReach * scale;
  return Math.min(widestReach * scale, Math.max(spacing, tools.parameters["leastReach"]! * scale));
}
