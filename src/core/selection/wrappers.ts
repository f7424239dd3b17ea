// What can stand around any strategy: candidates near the labelled ones only, no two near copies in one batch, and
// questions shared out over the guessed classes.

import type { Parameter } from "../parameter";
import { likeliest } from "./likeliest";
import { nearestProduct } from "./nearest-labelled";
import type { Pick, Pool, Tools } from "./strategy";

export type Select = (pool: Pool, count: number) => Promise<Pick[]>;

export const wrapperParameters: readonly Parameter[] = [
  {
    id: "classBalance",
    label: "Balance of classes",
    summary:
      "Share of the questions that look for guessed classes with few labels; 0 leaves it to the strategy.",
    min: 0,
    max: 1,
    step: 0.1,
    initial: 0,
  },
  {
    id: "nearestEach",
    label: "Only near labelled items",
    summary: "Only so many of the items nearest to any labelled one may be asked for each label; 0 is all.",
    min: 0,
    max: 1000,
    step: 10,
    initial: 0,
  },
  {
    id: "copiesFrom",
    label: "Near copies",
    summary: "Items of a batch that are more alike than this (cosine) wait for the next; 1 lets all through.",
    min: 0.8,
    max: 1,
    step: 0.01,
    initial: 1,
  },
];

/** Wraps all three, each of which lets everything through at its initial value. */
export function wrapSelection(
  select: Select,
  parameters: Readonly<Record<string, number>>,
  tools: WrapperTools,
): Select {
  const held = holdBackCopies(select, parameters["copiesFrom"]!, tools);
  const near = restrictToNear(held, parameters["nearestEach"]!, tools);
  return balanceClasses(near, parameters["classBalance"]!);
}

type WrapperTools = { readonly kernels: Tools["kernels"]; readonly stop: Tools["stop"] };

/**
 * Shares out a part of the questions over the guessed classes, those with the fewest labels first, as far as there
 * are candidates guessed to be of them (after small-text's class balancing).
 * @param share of the questions, 0 to 1; the rest is asked of all candidates.
 */
export function balanceClasses(select: Select, share: number): Select {
  return async (pool, count) => {
    const { scores, classes } = pool;
    const balanced = Math.round(share * count);
    if (!scores || balanced === 0) return select(pool, count);
    const guessed = Array.from({ length: classes }, () => [] as number[]);
    for (const row of pool.candidates)
      guessed[likeliest(scores.probabilities.subarray(row * classes, (row + 1) * classes))]!.push(row);
    const labels = new Array<number>(classes).fill(0);
    for (const label of pool.labels) if (label >= 0) labels[label]! += 1;
    const quotas = new Array<number>(classes).fill(0);
    for (let turn = 0; turn < balanced; turn++) {
      const open = [...quotas.keys()].filter((c) => quotas[c]! < guessed[c]!.length);
      if (open.length === 0) break;
      const next = open.reduce((a, b) => (labels[b]! + quotas[b]! < labels[a]! + quotas[a]! ? b : a));
      quotas[next]! += 1;
    }
    const picks: Pick[] = [];
    for (const [c, quota] of quotas.entries())
      if (quota > 0)
        picks.push(...(await select({ ...pool, candidates: Uint32Array.from(guessed[c]!) }, quota)));
    const taken = new Set(picks.map(({ row }) => row));
    const rest = pool.candidates.filter((row) => !taken.has(row));
    return [
      ...picks,
      ...(count > picks.length ? await select({ ...pool, candidates: rest }, count - picks.length) : []),
    ];
  };
}

/**
 * Leaves only the candidates that are nearest to any labelled row, `each` of them for each label (after SEALS,
 * Coleman et al. 2022); all of them before there is a label.
 */
export function restrictToNear(select: Select, each: number, tools: WrapperTools): Select {
  return async (pool, count) => {
    const limit = Math.max(count, each * pool.labelled.length);
    if (each === 0 || pool.labelled.length === 0 || limit >= pool.candidates.length)
      return select(pool, count);
    const nearness = await nearestProduct(pool, pool.labelled, tools);
    const nearest = await tools.kernels.topK(nearness, pool.candidates, limit);
    return select({ ...pool, candidates: nearest.sort() }, count);
  };
}

/**
 * Asks again in place of every pick that is a near copy of an earlier one. Copies come back only when nothing else
 * is left.
 * @param from cosine, rows being of length 1; 1 or more lets everything through.
 */
export function holdBackCopies(select: Select, from: number, tools: WrapperTools): Select {
  return async (pool, count) => {
    if (from >= 1) return select(pool, count);
    const kept: Pick[] = [];
    let open = pool.candidates;
    while (kept.length < count && open.length > 0) {
      const wanted = Math.min(count - kept.length, open.length);
      const before = kept.length;
      for (const pick of await select({ ...pool, candidates: open }, wanted)) {
        const others = Uint32Array.from(kept, ({ row }) => row);
        const products = await tools.kernels.innerProducts(pool.embeddings, Uint32Array.of(pick.row), others);
        if (products.every((product) => product < from)) kept.push(pick);
      }
      const chosen = Uint32Array.from(kept.slice(before), ({ row }) => row);
      const likeness = await nearestProduct(pool, chosen, tools);
      const taken = new Set(kept.map(({ row }) => row));
      open = open.filter((row) => likeness[row]! < from && !taken.has(row));
    }
    if (kept.length === count) return kept;
    const taken = new Set(kept.map(({ row }) => row));
    const rest = pool.candidates.filter((row) => !taken.has(row));
    return [...kept, ...(await select({ ...pool, candidates: rest }, count - kept.length))];
  };
}
