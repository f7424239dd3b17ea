// Asks about items that stand for many others. Needs no labels, so it also chooses the seed set.

import { coverGreedily, toSimilarities } from "../kernels/coverage";
import { throwIfExhausted, throwIfStopped } from "../errors";
import type { Pool, Strategy, Tools } from "../selection/strategy";

// Bounds what is held of the labelled rows' similarities at a time: 512 × 2,000 floats are 4 MB.
const labelledPerBlock = 512;

export const strategy: Strategy = {
  id: "max-herding",
  label: "Coverage",
  summary: "Asks about items that many others resemble; the best start while there are hardly any labels.",
  paper:
    "Bae, Noh and Sutherland, Generalized Coverage for More Robust Low-Budget Active Learning, 2024 (MaxHerding)",
  needs: [],
  parameters: [
    {
      id: "candidateLimit",
      label: "Candidates",
      summary: "Items considered as questions, drawn at random; more choose better and take longer.",
      min: 100,
      max: 5000,
      step: 100,
      initial: 1000,
    },
    {
      id: "evaluationLimit",
      label: "Items to stand for",
      summary: "Items the questions should stand for, drawn at random.",
      min: 100,
      max: 10_000,
      step: 100,
      initial: 2000,
    },
    {
      id: "lengthScale",
      label: "Reach",
      summary: "How far apart two items may be and still stand for each other.",
      min: 0.1,
      max: 2,
      step: 0.05,
      initial: 1,
    },
  ],
  async select(pool, count, tools) {
    const { kernels, random, parameters, stop } = tools;
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    const draw = (limit: number) => drawRows(pool.candidates, limit, random);
    const candidates = draw(Math.max(count, parameters.candidateLimit!));
    const targets = draw(parameters.evaluationLimit!);
    const products = await kernels.innerProducts(pool.embeddings, candidates, targets);
    const { chosen, gains } = coverGreedily(
      {
        similarities: toSimilarities(products, parameters.lengthScale!),
        candidates: candidates.length,
        weights: new Float32Array(targets.length).fill(1 / targets.length),
        covered: await coveredByLabels(pool, targets, tools),
      },
      count,
      stop,
    );
    return chosen.map((at, turn) => ({
      row: candidates[at]!,
      score: gains[turn]!,
      reason: "Many items that nobody has labelled yet look like this one.",
    }));
  },
};

/** At most `limit` of the rows, ascending, so that the lowest index is the lowest row. */
function drawRows(rows: Uint32Array, limit: number, random: Tools["random"]): Uint32Array {
  if (rows.length <= limit) return rows;
  return Uint32Array.from(random.sample(rows.length, limit), (at) => rows[at]!).sort();
}

/** The similarity of each target to the labelled row nearest to it. */
async function coveredByLabels(pool: Pool, targets: Uint32Array, tools: Tools): Promise<Float32Array> {
  const covered = new Float32Array(targets.length);
  for (let from = 0; from < pool.labelled.length; from += labelledPerBlock) {
    throwIfStopped(tools.stop);
    const block = pool.labelled.slice(from, from + labelledPerBlock);
    const products = await tools.kernels.innerProducts(pool.embeddings, block, targets);
    const similarities = toSimilarities(products, tools.parameters.lengthScale!);
    similarities.forEach((similarity, at) => {
      const to = at % targets.length;
      if (similarity > covered[to]!) covered[to] = similarity;
    });
  }
  return covered;
}
