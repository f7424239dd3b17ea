// Sorts everything into groups, goes to those without a label, and asks about the most typical item of each.

import { throwIfExhausted, throwIfStopped } from "../errors";
import { clusteredLimit, clusterRows, membersOf } from "../selection/cluster";
import { drawRows } from "../selection/cover-pool";
import type { Pool, Strategy, Tools } from "../selection/strategy";

/** From the paper's code. */
const mostClusters = 500;
const neighbours = 20;
/** Members of one group that are compared with each other; more are drawn at random. */
const comparedAtMost = 1500;

export const strategy: Strategy = {
  id: "typiclust",
  label: "Typical of each group",
  summary:
    "Finds groups without a label and asks about the most typical item of each; strong with few labels.",
  paper:
    "Hacohen, Dekel and Weinshall, Active Learning on a Budget: Opposite Strategies Suit High and Low Budgets, 2022",
  needs: [],
  parameters: [clusteredLimit(10_000)],
  async select(pool, count, tools) {
    throwIfStopped(tools.stop);
    throwIfExhausted(count, pool.candidates.length);
    if (count === 0) return [];
    const open = drawRows(
      pool.candidates,
      Math.max(count, tools.parameters["candidateLimit"]!),
      tools.random,
    );
    const rows = bothSorted(open, pool.labelled);
    const isOpen = new Set(open);
    const wanted = Math.min(mostClusters, pool.labelled.length + count);
    const groups = membersOf(await clusterRows(pool, rows, wanted, tools)).map((members) => {
      const all = members.map((at) => rows[at]!);
      return {
        all,
        left: all.filter((row) => isOpen.has(row)),
        settled: all.filter((row) => !isOpen.has(row)).length,
      };
    });
    const picks = [];
    while (picks.length < count) {
      throwIfStopped(tools.stop);
      const usable = groups.filter(({ left }) => left.length > 0);
      const next = usable.reduce((a, b) =>
        b.settled < a.settled || (b.settled === a.settled && b.left.length > a.left.length) ? b : a,
      );
      const { row, typicality } = await mostTypical(pool, next.left, next.all, tools);
      next.left.splice(next.left.indexOf(row), 1);
      next.settled += 1;
      picks.push({ row, score: typicality, reason: "Typical of a group of items without a label." });
    }
    return picks;
  },
};

/** Spread as arguments, some hundred thousand labels would overflow the stack. */
export function bothSorted(one: Uint32Array, other: Uint32Array): Uint32Array {
  const both = new Uint32Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both.sort();
}

/** The row whose nearest others of its group are nearest: the highest 1 / mean distance. */
async function mostTypical(
  { embeddings, values }: Pool,
  left: readonly number[],
  all: readonly number[],
  { kernels, random }: Tools,
): Promise<{ row: number; typicality: number }> {
  const candidates = drawRows(Uint32Array.from(left), comparedAtMost, random);
  const group = drawRows(Uint32Array.from(all), comparedAtMost, random);
  const products = await kernels.innerProducts(embeddings, candidates, group);
  const { dims } = embeddings;
  const squaredNorm = (row: number) => {
    let sum = 0;
    for (let k = 0; k < dims; k++) sum += values[row * dims + k]! ** 2;
    return sum;
  };
  const norms = Float64Array.from(group, squaredNorm);
  let best = { row: candidates[0]!, typicality: -Infinity };
  candidates.forEach((row, at) => {
    const own = squaredNorm(row);
    const distances = new Float64Array(group.length);
    for (let to = 0; to < group.length; to++)
      distances[to] =
        group[to] === row
          ? 0
          : Math.sqrt(Math.max(0, own + norms[to]! - 2 * products[at * group.length + to]!));
    const nearest = distances.sort().subarray(1, neighbours + 1);
    const mean = nearest.reduce((sum, one) => sum + one, 0) / Math.max(1, nearest.length);
    // Copies of one item are as typical as can be; rounding must not tell them apart.
    const typicality = 1 / Math.max(1e-3, mean);
    if (typicality > best.typicality) best = { row, typicality };
  });
  return best;
}
