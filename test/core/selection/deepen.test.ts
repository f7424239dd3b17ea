// Second thoughts: what they replace, what they leave, when there are none, and that they stop.

import { expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import type { ClassId } from "../../../src/core/ids";
import { defaultSettings } from "../../../src/core/project";
import { createRandom } from "../../../src/core/random";
import type { LabelledRow, RoundInput } from "../../../src/core/round";
import { runTurn } from "../../../src/core/run-round";
import { deepen, type DeepenTools } from "../../../src/core/selection/deepen";
import { kernels, onCircle, uploadPoints } from "../make-pool";

const size = 300;
const scatter = createRandom(3);
const points = Array.from({ length: size }, () => onCircle(180 * scatter.next()));
const classOf = ([x]: number[]) => (x! > 0 ? 0 : 1);
const train: LabelledRow[] = Array.from({ length: 8 }, (_, row) => ({
  row,
  classes: [classOf(points[row]!)],
}));

function makeInput(settings = {}, change: Partial<RoundInput> = {}): RoundInput {
  return {
    number: 2,
    answerMode: "single",
    classIds: ["right", "left"] as ClassId[],
    train,
    holdOut: [],
    candidates: Uint32Array.from({ length: size - 8 }, (_, at) => at + 8),
    ...change,
    settings: { ...defaultSettings, headId: "logistic", seed: 5, seedSize: 4, randomShare: 0.3, ...settings },
  };
}

async function think(input: RoundInput, more: Partial<DeepenTools> = {}) {
  const matrix = await uploadPoints(points);
  const common = { kernels, stop: null };
  const tools = { ...common, random: createRandom(5), now: () => 0 };
  const turn = await runTurn(input, { matrix, values: Float32Array.from(points.flat()) }, null, tools);
  const deeper = { ...common, random: turn.random, pause: () => Promise.resolve(), ...more };
  return { turn, questions: await deepen(input, turn.head, turn.basis, deeper) };
}

test("as many questions as before, each in its slot, those of the random slice the very same", async () => {
  const { turn, questions } = await think(makeInput());
  const before = turn.round.questions;
  expect(questions!.map(({ source }) => source)).toEqual(before.map(({ source }) => source));
  expect(before.some(({ source }) => source === "random")).toBe(true);
  for (const [at, question] of questions!.entries())
    if (question.source === "random") expect(question).toEqual(before[at]);
    else {
      expect(question).toMatchObject({
        stage: "refined",
        reason: "Several ways of asking agree on this one.",
      });
      expect(question.nearest).toHaveLength(3);
      expect(question.probabilities).toHaveLength(2);
    }
  expect(new Set(questions!.map(({ row }) => row)).size).toBe(questions!.length);
});

test("the same thoughts from the same turn", async () => {
  const [first, second] = [await think(makeInput()), await think(makeInput())];
  expect(first.questions).toEqual(second.questions);
});

test("none for another strategy, for the seed set, without a linear head, and for several classes an item", async () => {
  expect((await think(makeInput({ strategyId: "margin" }))).questions).toBeNull();
  expect((await think(makeInput({ seedSize: 20 }))).questions).toBeNull();
  expect((await think(makeInput({}, { train: train.slice(0, 1) }))).questions).toBeNull();
  expect((await think(makeInput({ headId: "k-nearest" }))).questions).toBeNull();
  expect((await think(makeInput({}, { answerMode: "multiple" }))).questions).toBeNull();
});

test("a stop that comes in during a pause ends them", async () => {
  const controller = new AbortController();
  let pauses = 0;
  const pause = async () => {
    if (++pauses === 3) controller.abort();
  };
  await expect(think(makeInput(), { stop: controller.signal, pause })).rejects.toThrow(Stopped);
  expect(pauses).toBe(3);
});

test("a pool with fewer items than questions is asked in full", async () => {
  const { questions } = await think(makeInput({}, { candidates: Uint32Array.of(20, 30, 40) }));
  expect(questions!.map(({ row }) => row).sort()).toEqual([20, 30, 40]);
});
