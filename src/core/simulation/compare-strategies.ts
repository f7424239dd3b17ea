// Replays a person's own labels with several strategies: what each would have asked, and how good the model would
// have been after how many answers. Measured on labelled items that no replay learns from.

import { throwIfStopped } from "../errors";
import type { ClassId, Row } from "../ids";
import { gatherRows } from "../learning/folds";
import { modelLogits, shapeOf } from "../learning/model";
import { gatherTerms } from "../learning/terms";
import type { ProjectSettings } from "../project";
import { createRandom } from "../random";
import type { LabelledRow, Round } from "../round";
import { termsOf, type RoundEmbeddings, type RoundTools } from "../run-round";
import { likeliest } from "../selection/likeliest";
import { replay } from "./replay";

export interface ReplayPlan {
  /** The active classes; `labelled` counts in them. */
  readonly classIds: readonly ClassId[];
  /** Every label there is, of one class each. */
  readonly labelled: readonly LabelledRow[];
  readonly strategyIds: readonly string[];
  /** Replays of each strategy, each with a test set and chance of its own. */
  readonly seeds: number;
  /** Answers of one replay; fewer where fewer labels are left for it. */
  readonly budget: number;
  /** Of the project; the strategy's parameters count for its own strategy only. */
  readonly settings: ProjectSettings;
}

export interface ReplayedStrategy {
  readonly strategyId: string;
  readonly labels: readonly number[];
  /** Accuracy after that many labels, mean over the seeds, 0 to 1. */
  readonly mean: readonly number[];
  /** Standard error of that mean over the seeds; 0 where there is one seed. */
  readonly se: readonly number[];
  /** Mean accuracy over the rounds, with its standard error. */
  readonly average: number;
  readonly averageSe: number;
}

export interface ReplayReport {
  /** Best average first. */
  readonly strategies: readonly ReplayedStrategy[];
  /** Labelled items measured on and asked from, in each replay. */
  readonly testCount: number;
  readonly poolCount: number;
  readonly seeds: number;
}

/** Fewer labels make test sets on which no difference can be seen. */
export const fewestForReplay = 60;
/** Share of the labels that is measured on; more than `mostTested` cost time and show nothing new. */
const testShare = 0.3;
const mostTested = 1000;

/**
 * Seeds are paired: the test set and the random start are the same for all strategies.
 * @param report told after each round: rounds done, and about how many there will be; it is waited for, so that a
 * caller can let other work in.
 * @throws RangeError with fewer than `fewestForReplay` labels; Stopped when told to stop.
 */
export async function compareStrategies(
  plan: ReplayPlan,
  embeddings: RoundEmbeddings,
  tools: Omit<RoundTools, "random">,
  report: (done: number, total: number) => void | Promise<void>,
): Promise<ReplayReport> {
  const { labelled, strategyIds, seeds, settings } = plan;
  if (labelled.length < fewestForReplay)
    throw new RangeError(
      `A replay needs ${fewestForReplay} labelled items and there are ${labelled.length}. Answer some more, then try again.`,
    );
  const testCount = Math.min(mostTested, Math.round(labelled.length * testShare));
  const poolCount = labelled.length - testCount;
  const budget = Math.min(plan.budget, poolCount);
  const perRun = Math.ceil(budget / settings.batchSize) + 1;
  const total = strategyIds.length * seeds * perRun;
  const runs = new Map<string, Run[]>(strategyIds.map((id) => [id, []]));
  let done = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const split = drawTest(labelled, testCount, settings.seed + seed);
    for (const strategyId of strategyIds) {
      const run = await replayOnce(plan, strategyId, seed, split, embeddings, tools, () =>
        report(Math.min(++done, total), total),
      );
      runs.get(strategyId)!.push(run);
    }
  }
  const strategies = strategyIds
    .map((id) => sumUp(id, runs.get(id)!))
    .sort((a, b) => b.average - a.average || (a.strategyId < b.strategyId ? -1 : 1));
  return { strategies, testCount, poolCount, seeds };
}

interface Run {
  readonly labels: number[];
  readonly accuracies: number[];
}

interface Split {
  readonly test: readonly LabelledRow[];
  readonly pool: readonly LabelledRow[];
}

function drawTest(labelled: readonly LabelledRow[], count: number, seed: number): Split {
  const inOrder = [...labelled].sort((a, b) => a.row - b.row);
  const drawn = new Set(createRandom(seed).fork("replay test").sample(inOrder.length, count));
  return {
    test: inOrder.filter((_, at) => drawn.has(at)),
    pool: inOrder.filter((_, at) => !drawn.has(at)),
  };
}

async function replayOnce(
  { classIds, budget, settings }: ReplayPlan,
  strategyId: string,
  seed: number,
  { test, pool }: Split,
  embeddings: RoundEmbeddings,
  tools: Omit<RoundTools, "random">,
  stepped: () => void | Promise<void>,
): Promise<Run> {
  const truth = new Int32Array(embeddings.matrix.rows).fill(-1);
  for (const { row, classes } of pool) truth[row] = classes[0]!;
  const own = strategyId === settings.strategyId;
  const input = {
    embeddings,
    truth,
    classIds,
    settings: {
      ...settings,
      strategyId,
      strategyParameters: own ? settings.strategyParameters : {},
      // Every strategy answers alone for its picks.
      randomShare: 0,
    },
    budget: Math.min(budget, pool.length),
    // Asking at random begins at random too; the others begin as the app does.
    randomStart: strategyId === "random" ? settings.seedSize : 0,
    noise: 0,
  };
  const run: Run = { labels: [], accuracies: [] };
  for await (const { labels, round } of replay(input, {
    ...tools,
    random: createRandom(settings.seed + seed),
  })) {
    throwIfStopped(tools.stop);
    run.labels.push(labels);
    run.accuracies.push(await accuracyOf(round, test, embeddings));
    await stepped();
  }
  return run;
}

/** Without a model the first class is as good a guess as any. */
async function accuracyOf(
  { model }: Round,
  test: readonly LabelledRow[],
  embeddings: RoundEmbeddings,
): Promise<number> {
  if (!model) return test.filter(({ classes }) => classes[0] === 0).length / test.length;
  const { dims, classes: width } = shapeOf(model);
  const rows = Uint32Array.from(test, ({ row }): Row => row);
  const terms = await termsOf(model, embeddings);
  const logits = modelLogits(
    model,
    gatherRows(embeddings.values, dims, rows),
    rows.length,
    terms && gatherTerms(terms, rows),
  );
  const right = test.filter(
    ({ classes }, at) => likeliest(logits.subarray(at * width, (at + 1) * width)) === classes[0],
  );
  return right.length / test.length;
}

function sumUp(strategyId: string, runs: readonly Run[]): ReplayedStrategy {
  const shortest = Math.min(...runs.map(({ labels }) => labels.length));
  const labels = runs[0]!.labels.slice(0, shortest);
  const at = labels.map((_, point) => runs.map(({ accuracies }) => accuracies[point]!));
  const averages = runs.map(({ accuracies }) => meanOf(accuracies));
  return {
    strategyId,
    labels,
    mean: at.map(meanOf),
    se: at.map(standardError),
    average: meanOf(averages),
    averageSe: standardError(averages),
  };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** 0 of a single value, whose error nobody knows. */
export function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
