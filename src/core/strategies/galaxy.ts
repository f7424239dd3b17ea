// Looks for the line between each class and the rest by halving, as in a guessing game; keeps classes balanced.

import { scoresOf } from "../kernels/by-score";
import { throwIfExhausted, throwIfStopped } from "../errors";
import { likeliest } from "../selection/likeliest";
import type { Strategy } from "../selection/strategy";

/**
 * For each class the rows stand in order of how far it is ahead of the best other class. Where a row of the class
 * and a row of another are neighbours among the labelled, the shortest stretch between two such rows is halved.
 * When none is left to halve, the rows next to such a place are asked. Within a batch a row counts as answered with
 * its guess.
 */
export const strategy: Strategy = {
  id: "galaxy",
  label: "Line between classes",
  summary: "Finds the line between each class and the rest by halving; made for rare classes.",
  paper: "Zhang, Katz-Samuels and Nowak, GALAXY: Graph-based Active Learning at the Extreme, 2022",
  needs: ["probabilities"],
  modes: ["single"],
  parameters: [],
  async select(pool, count, { stop }) {
    throwIfStopped(stop);
    throwIfExhausted(count, pool.candidates.length);
    const { probabilities, margin } = scoresOf(pool);
    const { classes, labelled, labels, candidates } = pool;
    /** −1 while open. */
    const answers = new Int32Array(pool.embeddings.rows).fill(-1);
    labelled.forEach((row, at) => (answers[row] = labels[at]!));
    const rows = Uint32Array.of(...candidates, ...labelled.filter((row) => answers[row]! >= 0));
    const orders = Array.from({ length: classes }, (_, c) => orderOf(rows, probabilities, classes, c));
    const open = new Set(candidates);
    const picks = [];
    for (let turn = 0; turn < count; turn++) {
      throwIfStopped(stop);
      const row = halfway(orders, answers) ?? besideCut(orders, answers) ?? mostDoubtful(open, margin);
      open.delete(row);
      answers[row] = likeliest(probabilities.subarray(row * classes, (row + 1) * classes));
      picks.push({
        row,
        score: margin[row]!,
        reason: "Helps to find where one class ends and the others begin.",
      });
    }
    return picks;
  },
};

function orderOf(rows: Uint32Array, probabilities: Float32Array, classes: number, c: number): Uint32Array {
  const lead = (row: number) => {
    let other = 0;
    for (let one = 0; one < classes; one++)
      if (one !== c) other = Math.max(other, probabilities[row * classes + one]!);
    return probabilities[row * classes + c]! - other;
  };
  const leads = new Map(Array.from(rows, (row) => [row, lead(row)]));
  return Uint32Array.from([...rows].sort((a, b) => leads.get(b)! - leads.get(a)! || a - b));
}

/** The middle of the shortest stretch of open rows between a labelled row of a class and one of another. */
function halfway(orders: readonly Uint32Array[], answers: Int32Array): number | null {
  let shortest = Infinity;
  let found: number | null = null;
  orders.forEach((order, c) => {
    let last = -1;
    for (let at = 0; at < order.length; at++) {
      const answer = answers[order[at]!]!;
      if (answer < 0) continue;
      const isCut = last >= 0 && (answer === c) !== (answers[order[last]!] === c);
      const between = at - last - 1;
      if (isCut && between > 0 && between < shortest) {
        shortest = between;
        found = order[last + 1 + Math.floor((between - 1) / 2)]!;
      }
      last = at;
    }
  });
  return found;
}

/** The open row nearest in order to a place where labelled rows of different answers touch. */
function besideCut(orders: readonly Uint32Array[], answers: Int32Array): number | null {
  let least = Infinity;
  let found: number | null = null;
  orders.forEach((order, c) => {
    const isOwn = (at: number) => answers[order[at]!] === c;
    for (let cut = 1; cut < order.length; cut++) {
      if (answers[order[cut - 1]!]! < 0 || answers[order[cut]!]! < 0 || isOwn(cut - 1) === isOwn(cut))
        continue;
      for (let away = 1; away < least; away++) {
        const [before, after] = [cut - 1 - away, cut + away];
        if (before < 0 && after >= order.length) break;
        const open = [before, after].find((at) => at >= 0 && at < order.length && answers[order[at]!]! < 0);
        if (open === undefined) continue;
        [least, found] = [away, order[open]!];
        break;
      }
    }
  });
  return found;
}

function mostDoubtful(open: ReadonlySet<number>, margin: Float32Array): number {
  let best = -1;
  for (const row of open)
    if (best < 0 || margin[row]! > margin[best]! || (margin[row] === margin[best] && row < best)) best = row;
  return best;
}
