// Kinds of work in one queue: answers, labels sent back, the random slice and items that came later, as the settings
// mix them.

import { describe, expect, test } from "vitest";
import type { ClassId } from "../../../src/core/ids";
import { defaultSettings } from "../../../src/core/project";
import { createRandom } from "../../../src/core/random";
import type { LabelledRow, Question, RoundInput } from "../../../src/core/round";
import { runRound } from "../../../src/core/run-round";
import { kernels, onCircle, uploadPoints } from "../make-pool";

const size = 120;
/** Evenly on a half circle; the first half is of class 0. */
const points = Array.from({ length: size }, (_, row) => onCircle((row * 180) / size));
const truth = (row: number) => (row < size / 2 ? 0 : 1);
const every4th = Array.from({ length: size / 4 }, (_, at) => at * 4);
/** Row 20 lies deep in class 0 and row 100 deep in class 1; both are said to be the other one. */
const wrong = [20, 100];
const label = (row: number): LabelledRow => ({
  row,
  classes: [wrong.includes(row) ? 1 - truth(row) : truth(row)],
});
const train = every4th.map(label);

async function ask(settings = {}, change: Partial<RoundInput> = {}): Promise<readonly Question[]> {
  const labelled = change.train ?? train;
  const taken = new Set(labelled.map(({ row }) => row));
  const input: RoundInput = {
    number: 3,
    answerMode: "single",
    classIds: ["a", "b"] as ClassId[],
    train: labelled,
    holdOut: [],
    candidates: Uint32Array.from(points.keys()).filter((row) => !taken.has(row)),
    ...change,
    settings: { ...defaultSettings, headId: "logistic", seed: 5, batchSize: 20, randomShare: 0, ...settings },
  };
  const matrix = await uploadPoints(points);
  const embeddings = { matrix, values: Float32Array.from(points.flat()) };
  const tools = { kernels, random: createRandom(5), now: () => 0, stop: null };
  return (await runRound(input, embeddings, null, tools)).questions;
}
const rowsOf = (questions: readonly Question[], source: Question["source"]) =>
  questions.filter((one) => one.source === source).map(({ row }) => row);

describe("labels sent back", () => {
  test("the wrong ones and no others, each with its stage and reason", async () => {
    const questions = await ask({ reviewShare: 0.5 });
    expect(rowsOf(questions, "review").sort((a, b) => a - b)).toEqual(wrong);
    expect(questions).toHaveLength(20);
    expect(questions.find(({ row }) => row === 20)).toMatchObject({ stage: "review", guess: 0 });
  });

  test("not where no share of the questions is for them, nor a second time", async () => {
    expect(rowsOf(await ask(), "review")).toEqual([]);
    expect(rowsOf(await ask({ reviewShare: 0.5 }, { reviewed: Uint32Array.of(20) }), "review")).toEqual([
      100,
    ]);
  });

  test("not of the hold-out, and not before there are labels to compare with", async () => {
    const holdOut = wrong.map(label);
    const rest = train.filter(({ row }) => !wrong.includes(row));
    expect(rowsOf(await ask({ reviewShare: 0.5 }, { train: rest, holdOut }), "review")).toEqual([]);
    const few = [0, 20, 80, 100, 110].map(label);
    expect(rowsOf(await ask({ reviewShare: 0.5, seedSize: 2 }, { train: few }), "review")).toEqual([]);
  });

  test("about their share of the questions, beside the random slice", async () => {
    const noisy = every4th.map((row, at) => ({ row, classes: [at % 3 === 0 ? 1 - truth(row) : truth(row)] }));
    let [reviews, random, all] = [0, 0, 0];
    for (let asked = 0; asked < 400; asked += 20) {
      const questions = await ask({ reviewShare: 0.2, randomShare: 0.2 }, { train: noisy, asked });
      reviews += rowsOf(questions, "review").length;
      random += rowsOf(questions, "random").length;
      all += questions.length;
    }
    expect(random / all).toBeCloseTo(0.2, 1);
    expect(reviews / all).toBeGreaterThan(0.1);
    expect(reviews / all).toBeLessThan(0.22);
  });

  test("of several classes an item, the label with a class that belongs not", async () => {
    const several = every4th.map((row): LabelledRow => {
      return { row, classes: row === 20 ? [0, 1] : [truth(row)] };
    });
    const questions = await ask(
      { reviewShare: 0.5, headId: "one-vs-rest" },
      { train: several, answerMode: "multiple" },
    );
    expect(rowsOf(questions, "review")).toEqual([20]);
  });
});

describe("items that came later", () => {
  const stageOf = (questions: readonly Question[], stage: Question["stage"]) =>
    questions.filter((one) => one.stage === stage).map(({ row }) => row);

  test("are asked about first within the budget, in the order they came, and half of the rest goes on", async () => {
    const questions = await ask({ arrivalBudget: 0.5 }, { arrivedFrom: 50 });
    const arrived = stageOf(questions, "arrivals");
    expect(arrived.length).toBeGreaterThan(0);
    expect(arrived.length).toBeLessThanOrEqual(10);
    expect(arrived).toEqual([...arrived].sort((a, b) => a - b));
    for (const row of arrived) expect(row).toBeGreaterThanOrEqual(50);
    expect(new Set(questions.map(({ row }) => row)).size).toBe(20);
  });

  test("not without a budget, and not where nothing came later", async () => {
    expect(stageOf(await ask({}, { arrivedFrom: 50 }), "arrivals")).toEqual([]);
    expect(stageOf(await ask({ arrivalBudget: 0.5 }), "arrivals")).toEqual([]);
    expect(stageOf(await ask({ arrivalBudget: 0.5 }, { arrivedFrom: size }), "arrivals")).toEqual([]);
  });

  test("a small budget is not overrun by what was answered already", async () => {
    // A twentieth of 70: four at most, answered ones included.
    const budget = { arrivalBudget: 0.05 };
    const first = stageOf(await ask(budget, { arrivedFrom: 50 }), "arrivals");
    const later = stageOf(
      await ask(budget, {
        arrivedFrom: 50,
        train: [...train, ...first.map(label)].sort((a, b) => a.row - b.row),
      }),
      "arrivals",
    );
    expect(first.length).toBeGreaterThan(0);
    expect(first.length + later.length).toBeLessThanOrEqual(8);
  });
});
