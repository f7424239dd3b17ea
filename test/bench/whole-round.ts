// The whole round as the learner runs it: fit on 500 labels, score the pool, choose a batch.

import { buildNeighbourGraph } from "../../src/core/graph/graph";
import type { ClassId } from "../../src/core/ids";
import type { Kernels } from "../../src/core/kernels/kernels";
import { defaultSettings } from "../../src/core/project";
import { createRandom } from "../../src/core/random";
import { headById } from "../../src/core/registry";
import type { Round, RoundInput } from "../../src/core/round";
import { runRound } from "../../src/core/run-round";
import { measure, type Measured } from "./measure";
import type { Pool } from "./pool";

const labels = 500;

export interface MeasuredRound extends Measured {
  readonly cost: Round["cost"];
}

export function labelledRows({ rows }: Pool): number[] {
  return createRandom(500).sample(rows, Math.min(labels, Math.floor(rows / 2)));
}

export interface RoundWish {
  readonly batch: number;
  readonly headId: string;
  readonly warm: boolean;
}

/**
 * A round by margin. The neighbour graph of heads that need one is made before and not counted: the learner makes
 * it once, beside the rounds.
 * @param wish `warm` starts from the layer of the round before, fitted to all labels but the last batch, as the learner
 * does; else from nothing.
 */
export async function measureRound(
  kernels: Kernels,
  pool: Pool,
  { batch, headId, warm }: RoundWish,
): Promise<MeasuredRound> {
  const { values, rows, dims, classes, truth } = pool;
  const train = labelledRows(pool).map((row) => ({ row, classes: [truth[row]!] }));
  const taken = new Set(train.map(({ row }) => row));
  const input: RoundInput = {
    number: 1,
    answerMode: "single",
    classIds: Array.from({ length: classes }, (_, at) => `class ${at}` as ClassId),
    train,
    holdOut: [],
    candidates: Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !taken.has(row)),
    settings: {
      ...defaultSettings,
      headId,
      strategyId: "margin",
      batchSize: batch,
      randomShare: 0,
      seed: 1,
    },
  };
  const matrix = await kernels.upload(values, rows, dims);
  const made = headById(headId).needs.includes("graph")
    ? await buildNeighbourGraph(matrix, values, { kernels, stop: null, pause: async () => undefined })
    : null;
  const embeddings = { matrix, values, graph: async () => made };
  const rounds: Round[] = [];
  const tools = { kernels, random: createRandom(1), now: () => performance.now(), stop: null };
  const before = { ...input, number: 0, train: train.slice(0, -batch) };
  const start = warm ? (await runRound(before, embeddings, null, tools)).model : null;
  const measured = await measure(async () => {
    rounds.push(await runRound(input, embeddings, start, tools));
  });
  matrix.dispose();
  return { ...measured, cost: rounds.at(-1)!.cost };
}
