// Whole rounds over small pools: what is fitted, what is measured, what is asked and why, and the corner cases
// of real projects.

import { describe, expect, test } from "vitest";
import { Stopped } from "../../src/core/errors";
import type { ClassId } from "../../src/core/ids";
import { linearLayerOf, type Model } from "../../src/core/learning/model";
import { defaultSettings } from "../../src/core/project";
import { createRandom } from "../../src/core/random";
import type { LabelledRow, Round, RoundInput } from "../../src/core/round";
import { runRound, type RoundEmbeddings, type RoundTools } from "../../src/core/run-round";
import { kernels, onCircle, uploadPoints } from "./make-pool";
import { quickGraph } from "./quick-graph";

const classIds = ["left", "right"] as ClassId[];
const size = 60;
/** Rows lie evenly on a half circle; the first half of them is of class 0. */
const points = Array.from({ length: size }, (_, row) => onCircle((row * 180) / size));
const classOf = (row: number) => (row < size / 2 ? 0 : 1);
const label = (...rows: number[]): LabelledRow[] => rows.map((row) => ({ row, classes: [classOf(row)] }));

function makeInput(change: Partial<Omit<RoundInput, "settings">> = {}, settings = {}): RoundInput {
  const { train = [], holdOut = [] } = change;
  const taken = new Set([...train, ...holdOut].map(({ row }) => row));
  return {
    number: 1,
    answerMode: "single",
    classIds,
    train,
    holdOut,
    candidates: Uint32Array.from(points.keys()).filter((row) => !taken.has(row)),
    ...change,
    settings: { ...defaultSettings, headId: "logistic", seed: 5, seedSize: 4, ...settings },
  };
}

async function run(
  input: RoundInput,
  { warm = null, of = points, ...tools }: { warm?: Model | null; of?: number[][] } & Partial<RoundTools> = {},
): Promise<Round> {
  const matrix = await uploadPoints(of);
  return runRound(input, { matrix, values: Float32Array.from(of.flat()) }, warm, {
    kernels,
    random: createRandom(input.settings.seed),
    now: () => 0,
    stop: null,
    ...tools,
  });
}

function expectSound(round: Round, input: RoundInput) {
  const rows = round.questions.map(({ row }) => row);
  expect(rows).toHaveLength(Math.min(input.settings.batchSize, input.candidates.length));
  expect(new Set(rows).size).toBe(rows.length);
  for (const row of rows) expect(input.candidates).toContain(row);
  const numbers = [
    ...round.questions.flatMap(({ score, confidence, probabilities }) => [
      score,
      confidence ?? 0,
      ...probabilities,
    ]),
    ...(linearLayerOf(round.model)?.weights ?? []),
    ...(linearLayerOf(round.model)?.bias ?? []),
    round.poolUncertainty ?? 0,
  ];
  for (const value of numbers) expect(value).toSatisfy(Number.isFinite);
}

describe("before there is a head", () => {
  test("the seed set is asked, without guesses, and covers the pool", async () => {
    const input = makeInput({}, { batchSize: 3, randomShare: 0 });
    const round = await run(input);
    expectSound(round, input);
    expect(round).toMatchObject({
      model: null,
      evaluation: null,
      poolUncertainty: null,
      strategyId: "max-herding",
    });
    for (const question of round.questions)
      expect(question).toMatchObject({ source: "seed", guess: null, confidence: null, probabilities: [] });
    // One question in each third of the half circle.
    const thirds = round.questions.map(({ row }) => Math.floor((3 * row) / size));
    expect(thirds.sort()).toEqual([0, 1, 2]);
  });

  test("labels of one class only are no head yet", async () => {
    const input = makeInput({ train: label(1, 2, 3, 4, 5, 6), holdOut: label(50) });
    const round = await run(input);
    expectSound(round, input);
    expect(round).toMatchObject({ model: null, evaluation: null, trainCount: 6, holdOutCount: 1 });
    expect(round.questions.some(({ source }) => source === "strategy")).toBe(false);
  });

  test("in multiple mode an empty set is an outcome of its own", async () => {
    const train = [
      { row: 1, classes: [] },
      { row: 50, classes: [1] },
    ];
    const input = makeInput({ answerMode: "multiple", train });
    const round = await run(input);
    expect(round).toMatchObject({ headId: "one-vs-rest", model: { activation: "sigmoid" } });
    expect(round.model).not.toBeNull();
    expectSound(round, input);
    expect((await run(makeInput({ answerMode: "multiple", train: train.slice(1) }))).model).toBeNull();
  });
});

describe("with a head", () => {
  const train = label(2, 8, 50, 57);

  test("the strategy asks at the border, and questions carry the guess", async () => {
    const input = makeInput({ train }, { strategyId: "margin", batchSize: 4, randomShare: 0 });
    const round = await run(input);
    expectSound(round, input);
    expect(round).toMatchObject({
      strategyId: "margin",
      headId: "logistic",
      model: { activation: "softmax" },
    });
    for (const { row, source, guess, confidence, probabilities } of round.questions) {
      expect(source).toBe("strategy");
      expect(Math.abs(row - size / 2)).toBeLessThan(8);
      expect(probabilities).toHaveLength(2);
      expect(probabilities[0]! + probabilities[1]!).toBeCloseTo(1, 6);
      expect(confidence).toBe(Math.max(...probabilities));
      expect(probabilities[guess!]).toBe(confidence);
    }
    expect(round.poolUncertainty).toBeGreaterThan(0);
    expect(round.poolUncertainty).toBeLessThan(1);
  });

  test("the seed set is finished first", async () => {
    const round = await run(makeInput({ train }, { seedSize: 5, randomShare: 0 }));
    expect(round.model).not.toBeNull();
    expect(round.strategyId).toBe("max-herding");
    expect(round.questions[0]).toMatchObject({ source: "seed", guess: expect.any(Number) });
  });

  test("the hold-out is measured and never trained on", async () => {
    // The hold-out contradicts the training labels: had it been trained on, it would not be all wrong.
    const holdOut = [5, 10, 52, 55].map((row) => ({ row, classes: [1 - classOf(row)] }));
    const round = await run(makeInput({ train, holdOut }));
    expect(round.model).toEqual((await run(makeInput({ train }))).model);
    expect(round.evaluation).toMatchObject({ count: 4, accuracy: { value: 0 }, confusion: [0, 2, 2, 0] });
    const doubled = await run(makeInput({ train: [...train, ...holdOut], holdOut }));
    expect(doubled.model).toEqual(round.model);
    expect(doubled.trainCount).toBe(4);
  });

  test("in multiple mode the evaluation is about whole sets", async () => {
    const several = [2, 8, 30, 50, 57].map((row) => ({ row, classes: row === 30 ? [0, 1] : [classOf(row)] }));
    const holdOut = [
      { row: 4, classes: [0] },
      { row: 56, classes: [0] },
    ];
    const round = await run(makeInput({ answerMode: "multiple", train: several, holdOut }));
    expect(round.evaluation).toMatchObject({ count: 2, accuracy: { value: 0.5 }, confusion: [] });
  });

  test("a head of the wrong mode gives way to the plain one", async () => {
    expect((await run(makeInput({ train }, { headId: "one-vs-rest" }))).headId).toBe("logistic");
  });

  test("same input, same round; a warm start changes no guess", async () => {
    const input = makeInput({ train, holdOut: label(11, 44) });
    const round = await run(input);
    expect(await run(input)).toEqual(round);
    const warm = await run(input, { warm: round.model });
    expect(warm.questions.map(({ guess }) => guess)).toEqual(round.questions.map(({ guess }) => guess));
  });

  test("the cost is by the caller's clock", async () => {
    let time = 0;
    const round = await run(makeInput({ train }), { now: () => (time += 10) });
    expect(round.cost).toEqual({ fitMs: 10, scoreMs: 10, selectMs: 10 });
  });
});

describe("the neighbour graph", () => {
  const train = label(2, 8, 14, 22, 40, 50, 57, 44, 33, 27);
  async function runWith(graph: RoundEmbeddings["graph"], headId: string) {
    const matrix = await uploadPoints(points);
    const embeddings = { matrix, values: Float32Array.from(points.flat()), graph: graph ?? null };
    const input = makeInput({ train }, { headId });
    return runRound(input, embeddings, null, { kernels, random: createRandom(5), now: () => 0, stop: null });
  }

  test("is asked for only by the head that needs it", async () => {
    let asked = 0;
    const graph = async () => {
      asked++;
      return quickGraph(Float32Array.from(points.flat()), size, 2);
    };
    await runWith(graph, "logistic");
    expect(asked).toBe(0);
    const round = await runWith(graph, "pool-distilled");
    expect(asked).toBe(1);
    expect(round.headId).toBe("pool-distilled");
    expect(round.model).not.toEqual((await runWith(graph, "logistic")).model);
  });

  test("may be missing", async () => {
    const plain = await runWith(null, "logistic");
    expect((await runWith(null, "pool-distilled")).model).toEqual(plain.model);
    expect((await runWith(async () => null, "pool-distilled")).model).toEqual(plain.model);
  });
});

describe("the random slice", () => {
  const randomOf = (round: Round) => round.questions.filter(({ source }) => source === "random");

  test("starts with the first batch and says what it is for", async () => {
    const round = await run(makeInput());
    expect(randomOf(round)).toHaveLength(1);
    expect(randomOf(round)[0]!.reason).toMatch(/never trained on/);
  });

  test("holds its share for single questions over successive rounds", async () => {
    let drawn = 0;
    for (let answered = 0; answered < 40; answered++) {
      const rows = Array.from({ length: answered }, (_, row) => row);
      const round = await run(makeInput({ number: answered + 1, train: label(...rows) }, { batchSize: 1 }));
      drawn += randomOf(round).length;
    }
    expect(drawn).toBe(4);
  });

  test("ends when the hold-out has its size", async () => {
    const holdOut = label(1, 31, 2);
    const share = { randomShare: 0.5, batchSize: 10 };
    expect(randomOf(await run(makeInput({ holdOut }, { ...share, holdOutTarget: 3 })))).toHaveLength(0);
    expect(randomOf(await run(makeInput({ holdOut }, { ...share, holdOutTarget: 5 })))).toHaveLength(2);
    expect(randomOf(await run(makeInput({ holdOut }, { ...share, holdOutTarget: 50 })))).toHaveLength(5);
  });

  test("is uniform over all candidates, those the strategy wants included", async () => {
    // Three candidates of which the strategy would always ask about the same; two questions, one of them random.
    const counts = new Map<number, number>();
    const input = makeInput(
      { train: label(2, 8, 50, 57), candidates: Uint32Array.of(5, 30, 55) },
      { strategyId: "margin", batchSize: 2, randomShare: 0.5 },
    );
    for (let number = 1; number <= 900; number++) {
      const round = await run({ ...input, number });
      expect(round.questions[0]!.row).not.toBe(round.questions[1]!.row);
      const [{ row } = { row: -1 }] = randomOf(round);
      counts.set(row, (counts.get(row) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([5, 30, 55]);
    // Expected 300 each, with a standard deviation of 14.
    for (const count of counts.values()) expect(Math.abs(count - 300)).toBeLessThan(71);
  });
});

describe("never fails for what real projects hold", () => {
  const none = Uint32Array.of();
  test.each<[string, Partial<RoundInput>]>([
    ["nothing left to ask", { train: label(1, 2, 50, 51), candidates: none }],
    ["nothing labelled and nothing left", { candidates: none }],
    ["a batch larger than the pool", { train: label(1, 2, 50, 51), candidates: Uint32Array.of(7, 9) }],
    ["one candidate", { candidates: Uint32Array.of(7) }],
    ["one class in all", { classIds: classIds.slice(0, 1), train: label(1, 2, 3, 4, 5) }],
    ["no class at all", { classIds: [] }],
    ["a class without examples", { classIds: [...classIds, "new" as ClassId], train: label(1, 2, 50, 51) }],
    ["a hold-out larger than the training set", { train: label(1, 50), holdOut: label(2, 3, 4, 51, 52) }],
    ["everything held out", { holdOut: label(1, 2, 50) }],
  ])("%s", async (_, change) => {
    const input = makeInput(change as Partial<Omit<RoundInput, "settings">>);
    expectSound(await run(input), input);
  });

  test.each([
    ["identical", points.map(() => onCircle(40))],
    ["zero", points.map(() => [0, 0])],
  ])("%s embeddings", async (_, of) => {
    for (const train of [[], label(1, 2, 50, 51)]) {
      const input = makeInput({ train, holdOut: label(3, 52) });
      expectSound(await run(input, { of }), input);
    }
  });
});

test("stops when told", async () => {
  await expect(run(makeInput({ train: label(1, 2, 50) }), { stop: { aborted: true } })).rejects.toThrow(
    Stopped,
  );
});

test("an unknown strategy or head is said by name", async () => {
  await expect(run(makeInput({}, { strategyId: "nonsense" }))).rejects.toThrow(/"nonsense"/);
  await expect(run(makeInput({}, { headId: "nonsense" }))).rejects.toThrow(/"nonsense"/);
});
