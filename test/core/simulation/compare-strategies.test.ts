// Comparing strategies on a person's own labels: paired, honest about its test items, the same under one seed.

import { expect, test } from "vitest";
import type { ClassId, Row } from "../../../src/core/ids";
import { createReferenceKernels } from "../../../src/core/kernels/reference-kernels";
import { defaultSettings } from "../../../src/core/project";
import { createRandom } from "../../../src/core/random";
import {
  compareStrategies,
  fewestForReplay,
  type ReplayPlan,
} from "../../../src/core/simulation/compare-strategies";
import { onCircle } from "../make-pool";

const kernels = createReferenceKernels();
const rows = 100;
const known = 80;

/** Two groups on the circle that overlap a little; the last rows are unlabelled. */
async function makePlan(changes: Partial<ReplayPlan> = {}) {
  const random = createRandom(8);
  const points = Array.from({ length: rows }, (_, row) => onCircle((row % 2) * 90 + 30 * random.normal()));
  const values = Float32Array.from(points.flat());
  const plan: ReplayPlan = {
    classIds: ["left", "right"] as ClassId[],
    labelled: Array.from({ length: known }, (_, row) => ({ row: row as Row, classes: [row % 2] })),
    strategyIds: ["random", "margin"],
    seeds: 2,
    budget: 20,
    settings: {
      ...defaultSettings,
      strategyId: "margin",
      headId: "logistic",
      batchSize: 5,
      seedSize: 5,
      seed: 3,
    },
    ...changes,
  };
  return { plan, embeddings: { matrix: await kernels.upload(values, rows, 2), values } };
}

async function compared(changes: Partial<ReplayPlan> = {}, stop: { aborted: boolean } | null = null) {
  const { plan, embeddings } = await makePlan(changes);
  const told: [number, number][] = [];
  const report = await compareStrategies(plan, embeddings, { kernels, now: () => 0, stop }, (...one) => {
    told.push(one);
  });
  return { report, told };
}

test("each strategy gets a curve over the same numbers of answers, better than guessing", async () => {
  const { report, told } = await compared();
  expect(report).toMatchObject({ testCount: 24, poolCount: 56, seeds: 2 });
  for (const { labels, mean, se, average } of report.strategies) {
    expect(labels).toEqual([5, 10, 15, 20]);
    expect(mean).toHaveLength(4);
    expect(se).toHaveLength(4);
    expect(mean.at(-1)).toBeGreaterThan(0.75);
    expect(average).toBeCloseTo(mean.reduce((sum, one) => sum + one, 0) / 4, 10);
  }
  const averages = report.strategies.map(({ average }) => average);
  expect(averages).toEqual([...averages].sort((a, b) => b - a));
  const [done, total] = told.at(-1)!;
  expect(told).toHaveLength(16);
  expect(done).toBeLessThanOrEqual(total);
});

test("labels turned round give the opposite model and the same accuracy, shuffled ones that of guessing", async () => {
  const { report } = await compared();
  const { plan } = await makePlan();
  const turned = plan.labelled.map(({ row, classes }) => ({ row, classes: [1 - classes[0]!] }));
  const other = await compared({ labelled: turned });
  for (const { strategyId, average } of report.strategies) {
    const again = other.report.strategies.find((one) => one.strategyId === strategyId)!;
    expect(Math.abs(again.average - average)).toBeLessThan(0.1);
  }
  const random = createRandom(5);
  const shuffled = plan.labelled.map(({ row }) => ({ row, classes: [random.integer(2)] }));
  const guessed = await compared({ labelled: shuffled, seeds: 4 });
  for (const { average } of guessed.report.strategies) expect(Math.abs(average - 0.5)).toBeLessThan(0.2);
});

test("the same plan gives the same report, whatever order the labels come in", async () => {
  const { report } = await compared();
  const { plan } = await makePlan();
  expect((await compared({ labelled: plan.labelled.toReversed() })).report).toEqual(report);
});

test("a budget beyond the labels ends with them", async () => {
  const { report } = await compared({ budget: 1000 });
  expect(report.strategies[0]!.labels.at(-1)).toBe(56);
});

test("too few labels are refused with a sentence, and a stop is heard", async () => {
  const { plan } = await makePlan();
  const few = plan.labelled.slice(0, fewestForReplay - 1);
  await expect(compared({ labelled: few })).rejects.toThrow(
    "A replay needs 60 labelled items and there are 59.",
  );
  await expect(compared({}, { aborted: true })).rejects.toThrow("Stopped");
});
