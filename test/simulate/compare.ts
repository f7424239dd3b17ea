// Replays one data set with several strategies and seeds, and sums up how accurate each was on the test set after
// how many labels. Seeds are paired: a random start and wrong answers are the same for all strategies.

import type { ClassId } from "../../src/core/ids";
import { buildNeighbourGraph, type NeighbourGraph } from "../../src/core/graph/graph";
import type { Kernels, ResidentMatrix } from "../../src/core/kernels/kernels";
import { defaultSettings } from "../../src/core/project";
import { scoreModel, shapeOf } from "../../src/core/learning/model";
import { createRandom } from "../../src/core/random";
import { headById } from "../../src/core/registry";
import type { Round } from "../../src/core/round";
import { runRound, type RoundEmbeddings } from "../../src/core/run-round";
import { likeliest } from "../../src/core/selection/likeliest";
import { meanOf, standardError } from "../../src/core/simulation/compare-strategies";
import { replay } from "../../src/core/simulation/replay";
import type { Contestant } from "./contestant";
import type { DataSet } from "./data-set";

export interface Plan {
  readonly contestants: readonly Contestant[];
  readonly headId: string;
  readonly budget: number;
  readonly batch: number;
  readonly start: number;
  readonly seeds: number;
  readonly noise: number;
  readonly say: (line: string) => void;
}

export interface Curve {
  readonly labels: readonly number[];
  /** Accuracy on the test set, 0 to 1, over the seeds. */
  readonly mean: readonly number[];
  readonly se: readonly number[];
  /** Mean accuracy over the rounds, and its standard error over the seeds. */
  readonly aulc: number;
  readonly aulcSe: number;
  /** Of each seed, for paired comparisons. */
  readonly aulcs: readonly number[];
  /** Labels that each seed needed for 95% of `full`. */
  readonly labelsTo95: readonly (number | null)[];
  readonly final: number;
  readonly secondsPerRound: number;
}

export interface Comparison {
  readonly dataset: string;
  readonly encoder: string;
  readonly head: string;
  /** Accuracy of the head fitted on the whole pool; null where it was not asked for. */
  readonly full: number | null;
  readonly strategies: Readonly<Record<string, Curve>>;
}

/** The strategies that have a start of their own; the others start at random, as those who proposed them do. */
const ownStart: ReadonlySet<string> = new Set(["auto"]);

export async function compare(
  data: DataSet,
  plan: Plan,
  kernels: Kernels,
  withFull: boolean,
): Promise<Comparison> {
  const { pool, test, dims } = data;
  const matrix = await kernels.upload(pool.values, pool.rows, dims);
  const unseen = await kernels.upload(test.values, test.rows, dims);
  let graph: NeighbourGraph | null = null;
  const embeddings: RoundEmbeddings = {
    matrix,
    values: pool.values,
    graph: async () => (graph ??= await buildNeighbourGraph(matrix, pool.values, { kernels, stop: null })),
  };
  const classIds = data.classes.map((name) => name as ClassId);
  const judge = (round: Round) => accuracyOf(round, kernels, unseen, test.truth);
  const full = withFull ? await judge(await fitAll(data, plan, embeddings, kernels, classIds)) : null;
  const strategies: Record<string, Curve> = {};
  for (const contestant of plan.contestants) {
    const runs: Run[] = [];
    for (let seed = 1; seed <= plan.seeds; seed++)
      runs.push(await run(data, plan, contestant, seed, embeddings, kernels, classIds, judge));
    strategies[contestant.name] = sumUp(runs, full);
    const { aulc, aulcSe, final } = strategies[contestant.name]!;
    plan.say(
      `${data.name} ${contestant.name}: ${percent(aulc)} ± ${percent(aulcSe)}, at the end ${percent(final)}`,
    );
  }
  matrix.dispose();
  unseen.dispose();
  return { dataset: data.name, encoder: data.encoder, head: plan.headId, full, strategies };
}

export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

interface Run {
  readonly labels: number[];
  readonly accuracies: number[];
  readonly seconds: number;
}

async function run(
  { pool }: DataSet,
  { headId, budget, batch, start, noise }: Plan,
  contestant: Contestant,
  seed: number,
  embeddings: RoundEmbeddings,
  kernels: Kernels,
  classIds: readonly ClassId[],
  judge: (round: Round) => Promise<number>,
): Promise<Run> {
  const covers = contestant.start ? contestant.start === "coverage" : ownStart.has(contestant.strategyId);
  const settings = {
    ...defaultSettings,
    strategyId: contestant.strategyId,
    strategyParameters: contestant.parameters,
    headId: contestant.headId ?? headId,
    batchSize: batch,
    // A slice at random is part of how the app asks; peers' strategies have none.
    randomShare:
      contestant.randomShare ?? (ownStart.has(contestant.strategyId) ? defaultSettings.randomShare : 0),
    seedSize: covers ? start : 0,
    seed,
  };
  const tools = { kernels, random: createRandom(seed), now: () => performance.now(), stop: null };
  const given = { embeddings, truth: pool.truth, classIds, settings, budget, noise };
  const found: Run = { labels: [], accuracies: [], seconds: 0 };
  let spent = 0;
  for await (const { labels, round } of replay({ ...given, randomStart: covers ? 0 : start }, tools)) {
    found.labels.push(labels);
    found.accuracies.push(await judge(round));
    spent += (round.cost.fitMs + round.cost.scoreMs + round.cost.selectMs) / 1000;
  }
  return { ...found, seconds: spent / found.labels.length };
}

async function accuracyOf(
  { model }: Round,
  kernels: Kernels,
  unseen: ResidentMatrix,
  truth: Int32Array,
): Promise<number> {
  // Without a model the first class is as good a guess as any.
  if (!model) return truth.filter((one) => one === 0).length / truth.length;
  const { probabilities } = await scoreModel(model, unseen, kernels, null);
  const { classes } = shapeOf(model);
  const right = truth.filter(
    (one, row) => likeliest(probabilities.subarray(row * classes, (row + 1) * classes)) === one,
  );
  return right.length / truth.length;
}

/** A round that was given every label. */
function fitAll(
  { pool }: DataSet,
  { headId }: Plan,
  embeddings: RoundEmbeddings,
  kernels: Kernels,
  classIds: readonly ClassId[],
): Promise<Round> {
  headById(headId);
  const input = {
    number: 1,
    answerMode: "single",
    classIds,
    train: Array.from(pool.truth, (one, row) => ({ row, classes: [one] })),
    holdOut: [],
    candidates: new Uint32Array(0),
    settings: { ...defaultSettings, strategyId: "random", headId, seed: 1 },
  } as const;
  const tools = { kernels, random: createRandom(1), now: () => performance.now(), stop: null };
  return runRound(input, embeddings, null, tools);
}

function sumUp(runs: readonly Run[], full: number | null): Curve {
  const { labels } = runs[0]!;
  const at = (point: number) => runs.map(({ accuracies }) => accuracies[point]!);
  const points = [...labels.keys()];
  const aulcs = runs.map(({ accuracies }) => meanOf(accuracies));
  const enough = full === null ? Infinity : 0.95 * full;
  return {
    labels,
    mean: points.map((point) => meanOf(at(point))),
    se: points.map((point) => standardError(at(point))),
    aulc: meanOf(aulcs),
    aulcSe: standardError(aulcs),
    aulcs,
    labelsTo95: runs.map(
      ({ accuracies }) => labels[accuracies.findIndex((accuracy) => accuracy >= enough)] ?? null,
    ),
    final: meanOf(at(labels.length - 1)),
    secondsPerRound: meanOf(runs.map(({ seconds }) => seconds)),
  };
}
