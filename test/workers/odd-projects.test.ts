// What real projects hold that textbooks do not, through the learner's turns with the default settings: the round,
// the look between two rounds, and the second thoughts. None may throw, and none may leave the queue empty while
// there is something to ask.

import { describe, expect, test } from "vitest";
import type { ClassId } from "../../src/core/ids";
import { defaultSettings } from "../../src/core/project";
import { createRandom } from "../../src/core/random";
import type { LabelledRow, Question, RoundInput } from "../../src/core/round";
import { createBackgroundGraph } from "../../workers/background-graph";
import { Turns, type Place } from "../../workers/turns";
import { kernels } from "../core/make-pool";

const rows = 60;
const dims = 8;
const ids = ["cat", "dog", "owl"] as ClassId[];
const draw = createRandom(9);
/** Two kinds of 30; the third class has no kind of its own. */
const kindOf = (row: number) => Number(row >= rows / 2);
const points = Array.from({ length: rows }, (_, row) => unit(dims, (at) => (at === kindOf(row) ? 1 : 0)));

function unit(length: number, centre: (at: number) => number): number[] {
  const point = Array.from({ length }, (_, at) => centre(at) + 0.3 * draw.normal());
  const norm = Math.hypot(...point);
  return point.map((value) => value / norm);
}

const label = (...of: number[]): LabelledRow[] => of.map((row) => ({ row, classes: [kindOf(row)] }));
const known = label(1, 3, 5, 7, 9, 31, 33, 35, 37, 39, 41);

async function placeOf(
  of: readonly (readonly number[])[],
  signal = new AbortController().signal,
): Promise<Place> {
  const values = Float32Array.from(of.flat());
  const matrix = await kernels.upload(values, of.length, of[0]!.length);
  const shelf = { load: async () => null, save: async () => undefined };
  const graph = createBackgroundGraph(matrix, values, kernels, shelf);
  const embeddings = { matrix, values, graph: () => graph.ready() };
  return { resident: { matrix, values, kernels }, graph, embeddings, signal } as unknown as Place;
}

function inputOf(number: number, change: Partial<RoundInput> = {}): RoundInput {
  const { train = known, holdOut = [], passed = new Uint32Array(0) } = change;
  const taken = new Set([...train, ...holdOut].map(({ row }) => row).concat(...passed));
  return {
    number,
    answerMode: "single",
    classIds: ids.slice(0, 2),
    train,
    holdOut,
    candidates: Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !taken.has(row)),
    settings: { ...defaultSettings, seed: 5 },
    ...change,
  };
}

function expectSound(questions: readonly Question[], { candidates, settings }: RoundInput): void {
  const asked = questions.map(({ row }) => row);
  expect(asked).toHaveLength(Math.min(settings.batchSize, candidates.length));
  expect(new Set(asked).size).toBe(asked.length);
  for (const row of asked) expect(candidates).toContain(row);
  for (const { score, confidence, probabilities } of questions)
    for (const value of [score, confidence ?? 0, ...probabilities]) expect(value).toSatisfy(Number.isFinite);
}

/** One after the other, as a project that changes goes through them. */
async function expectTurns(of: readonly (readonly number[])[], inputs: readonly RoundInput[]): Promise<void> {
  const turns = new Turns();
  const place = await placeOf(of);
  for (const input of inputs) {
    expectSound((await turns.round(input, place)).questions, input);
    expectSound((await turns.refresh({ ...input, between: true }, "update", place)).questions, input);
    const deeper = await turns.deepen(place);
    if (deeper) expectSound(deeper, input);
  }
}

const none = new Uint32Array(0);
const everyRow = Array.from({ length: rows }, (_, row) => row);

describe("the questions go on", () => {
  test.each<[string, readonly Partial<RoundInput>[]]>([
    ["with one class", [{ classIds: ids.slice(0, 1), train: label(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21) }]],
    [
      "with classes that have one label",
      [{ train: label(1, 31) }, { train: [...known, { row: 59, classes: [2] }], classIds: ids }],
    ],
    ["with a pool smaller than the batch", [{ candidates: Uint32Array.of(50, 51, 52) }]],
    [
      "to the last item, and stop there",
      [{ candidates: Uint32Array.of(50) }, { candidates: none, train: label(...everyRow) }],
    ],
    [
      "when a class is added",
      [{}, { classIds: ids }, { classIds: ids, train: [...known, { row: 59, classes: [2] }] }],
    ],
    [
      "when a class is deleted, its labels with it",
      [
        { classIds: ids, train: [...known, { row: 59, classes: [2] }] },
        {},
        { classIds: ids.slice(0, 1), train: known.slice(0, 5) },
      ],
    ],
    [
      "when everything was skipped",
      [
        { train: [], passed: Uint32Array.from(everyRow.slice(0, 50)) },
        { passed: Uint32Array.from([...everyRow.slice(10, 30), ...everyRow.slice(42, 58)]) },
      ],
    ],
  ])("%s", async (_, changes) => {
    await expectTurns(
      points,
      changes.map((change, at) => inputOf(at + 1, change)),
    );
  });

  test.each<[string, readonly (readonly number[])[]]>([
    ["identical items", points.map(() => points[0]!)],
    ["items of two kinds of copies", points.map((_, row) => points[row < rows / 2 ? 0 : 59]!)],
    ["labels that contradict each other on copies", points.map((_, row) => points[row % 10]!)],
    [
      "an embedding without a direction",
      points.map((point, row) => (row % 4 === 0 ? point.map(() => 0) : point)),
    ],
    ["a dead dimension", points.map((point) => point.map((value, at) => (at === 5 ? 0 : value)))],
    ["embeddings that were never scaled", points.map((point) => point.map((value) => 300 * value))],
  ])("with %s", async (_, of) => {
    await expectTurns(of, [inputOf(1, { train: [] }), inputOf(2), inputOf(3, { holdOut: label(2, 32) })]);
  });

  test("after a round was cancelled", async () => {
    const turns = new Turns();
    const stop = new AbortController();
    stop.abort();
    await expect(turns.round(inputOf(1), await placeOf(points, stop.signal))).rejects.toThrow();
    const input = inputOf(1);
    expectSound((await turns.round(input, await placeOf(points))).questions, input);
  });
});
