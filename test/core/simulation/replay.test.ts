// Replaying a project with known answers: how many are given, which, and how wrong.

import { expect, test } from "vitest";
import type { ClassId } from "../../../src/core/ids";
import { createReferenceKernels } from "../../../src/core/kernels/reference-kernels";
import { defaultSettings } from "../../../src/core/project";
import { scoreModel } from "../../../src/core/learning/model";
import { createRandom } from "../../../src/core/random";
import { replay, type ReplayInput } from "../../../src/core/simulation/replay";
import { onCircle } from "../make-pool";

const kernels = createReferenceKernels();
const rows = 60;

/** Two groups on the circle, the class of each known but for every tenth row. */
async function makeReplay(changes: Partial<ReplayInput> = {}, strategyId = "margin"): Promise<ReplayInput> {
  const random = createRandom(8);
  const truth = Int32Array.from({ length: rows }, (_, row) => (row % 10 === 9 ? -1 : row % 2));
  const points = Array.from({ length: rows }, (_, row) => onCircle((row % 2) * 120 + 25 * random.normal()));
  const values = Float32Array.from(points.flat());
  return {
    embeddings: { matrix: await kernels.upload(values, rows, 2), values },
    truth,
    classIds: ["left", "right"] as ClassId[],
    settings: { ...defaultSettings, strategyId, headId: "logistic", batchSize: 5, seedSize: 4, seed: 3 },
    budget: 20,
    randomStart: 0,
    noise: 0,
    ...changes,
  };
}

async function stepsOf(input: ReplayInput, seed = 3, stop: { aborted: boolean } | null = null) {
  const tools = { kernels, random: createRandom(seed), now: () => 0, stop };
  const steps = [];
  for await (const step of replay(input, tools)) steps.push(step);
  return steps;
}

test("a round after each batch up to the budget, and never a question nobody could answer", async () => {
  const input = await makeReplay();
  const steps = await stepsOf(input);
  expect(steps.map(({ labels }) => labels)).toEqual([5, 10, 15, 20]);
  const asked = steps.flatMap(({ round }) => round.questions.map(({ row }) => row));
  expect(new Set(asked).size).toBe(15);
  for (const row of asked) expect(input.truth[row]).not.toBe(-1);
  expect(steps.at(-1)!.round.questions).toEqual([]);
});

test("every answer is trained on, those of the random slice too", async () => {
  const input = await makeReplay();
  const settings = { ...input.settings, randomShare: 0.5 };
  const steps = await stepsOf({ ...input, settings });
  const sources = steps.flatMap(({ round }) => round.questions.map(({ source }) => source));
  expect(sources).toContain("random");
  expect(steps.map(({ round }) => round.trainCount)).toEqual([5, 10, 15, 20]);
});

test("the same seed gives the same questions, and the random start is that of every strategy", async () => {
  const questionsOf = async (strategyId: string, seed: number) =>
    (await stepsOf(await makeReplay({ randomStart: 10 }, strategyId), seed)).map(({ round }) =>
      round.questions.map(({ row }) => row),
    );
  expect(await questionsOf("margin", 3)).toEqual(await questionsOf("margin", 3));
  const firstLabels = async (strategyId: string) => {
    const [first] = await stepsOf(await makeReplay({ randomStart: 10 }, strategyId));
    return first!.round.model;
  };
  expect(await firstLabels("random")).toEqual(await firstLabels("k-center"));
});

test("a budget beyond what is known ends with the pool", async () => {
  const steps = await stepsOf(await makeReplay({ budget: 1000 }));
  expect(steps.at(-1)!.labels).toBe(54);
});

test("a share of the answers is wrong, and with all of them wrong the model learns the opposite", async () => {
  const judge = async (noise: number) => {
    const input = await makeReplay({ noise, budget: 54 });
    const { model } = (await stepsOf(input)).at(-1)!.round;
    const { probabilities } = await scoreModel(model!, input.embeddings.matrix, kernels, null);
    return input.truth.filter((one, row) => one >= 0 && probabilities[2 * row + one]! > 0.5).length / 54;
  };
  expect(await judge(0)).toBeGreaterThan(0.9);
  expect(await judge(1)).toBeLessThan(0.1);
});

test("a label that is no class is refused, and a stop is heard", async () => {
  const input = await makeReplay();
  await expect(stepsOf({ ...input, truth: new Int32Array(rows).fill(2) })).rejects.toThrow(RangeError);
  await expect(stepsOf(input, 3, { aborted: true })).rejects.toThrow("Stopped");
});
