// Asks about items that, with what is labelled, have something similar to each item of the pool.

import { candidateLimit, coverEvenly, evaluationLimit } from "../selection/cover-pool";
import type { Strategy } from "../selection/strategy";

/** Similarity is the cosine, nothing below 0. */
export const strategy: Strategy = {
  id: "facility-location",
  label: "Representatives",
  summary: "Asks about items so that each item of the pool has a similar one with a label.",
  paper: "Wei, Iyer and Bilmes, Submodularity in Data Subset Selection and Active Learning, 2015",
  needs: [],
  parameters: [candidateLimit, evaluationLimit],
  select: (pool, count, tools) =>
    coverEvenly(
      pool,
      count,
      tools,
      cosine,
      "Represents items that have nothing similar among the labelled ones.",
    ),
};

function cosine(products: Float32Array): Float32Array {
  for (let at = 0; at < products.length; at++) products[at] = Math.min(1, Math.max(0, products[at]!));
  return products;
}
