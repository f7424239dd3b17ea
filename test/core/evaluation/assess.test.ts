// A close look at a model on a half circle whose left half is one class: measures, second opinions, baseline fits.

import { expect, test } from "vitest";
import { Stopped } from "../../../src/core/errors";
import { assess, fitBaseline, type AskedRow } from "../../../src/core/evaluation/assess";
import type { ClassId } from "../../../src/core/ids";
import { defaultSettings } from "../../../src/core/project";
import { createRandom } from "../../../src/core/random";
import { runRound } from "../../../src/core/run-round";
import type { AnswerMode } from "../../../src/core/project";
import type { LabelledRow } from "../../../src/core/round";
import { kernels, onCircle, uploadPoints } from "../make-pool";

const classIds = ["left", "right"] as ClassId[];
const points = Array.from({ length: 120 }, (_, row) => onCircle(row * 1.5));
const values = Float32Array.from(points.flat());
const label = (rows: number[]): LabelledRow[] => rows.map((row) => ({ row, classes: [row < 60 ? 0 : 1] }));
const every = (step: number, from: number) =>
  Array.from({ length: Math.ceil((120 - from) / step) }, (_, at) => from + at * step);
const tools = { kernels, random: createRandom(3), now: () => 0, stop: null };

function makeInput(answerMode: AnswerMode = "single", holdOutRows = every(6, 2)) {
  const train = label(every(6, 0));
  const holdOut = label(holdOutRows);
  const taken = new Set([...train, ...holdOut].map(({ row }) => row));
  const candidates = Uint32Array.from(points.keys()).filter((row) => !taken.has(row));
  const settings = { ...defaultSettings, headId: "logistic", seed: 5 };
  return { number: 1, answerMode, classIds, train, holdOut, candidates, settings };
}

async function look(input: ReturnType<typeof makeInput>, asked: readonly AskedRow[] = []) {
  const embeddings = { matrix: await uploadPoints(points), values };
  const { model } = await runRound(input, embeddings, null, tools);
  return assess(model!, input, asked, embeddings, tools);
}

test("all measures and all second opinions, near the truth of an easy task", async () => {
  const input = makeInput();
  const asked = [...input.train, ...input.holdOut].map(({ row }, at): AskedRow => ({
    row,
    drawn: at % 10 === 0 ? "slice" : "chosen",
  }));
  const { full, estimates } = await look(input, asked);
  expect(full!.count).toBe(20);
  expect(full!.measures.find(({ id }) => id === "accuracy")!.estimate.value).toBeGreaterThan(0.9);
  expect(estimates.map(({ id }) => id)).toEqual(["prediction-powered", "out-of-fold", "lure", "atc"]);
  for (const { estimate } of estimates) {
    expect(estimate.value).toBeGreaterThan(0.75);
    expect(estimate.low).toBeLessThanOrEqual(estimate.value);
    expect(estimate.high).toBeGreaterThanOrEqual(estimate.value);
  }
});

test("how sure a model is of what it was fitted to says nothing about the rest", async () => {
  const input = makeInput();
  const matrix = await uploadPoints(points);
  const { model } = await runRound(input, { matrix, values }, null, tools);
  const trained = new Set(input.train.map(({ row }) => row));
  const sure = points.map((point, row) => (trained.has(row) ? point.map((value) => value * 100) : point));
  const surer = { matrix: await uploadPoints(sure), values: Float32Array.from(sure.flat()) };
  const byConfidence = async (embeddings: { matrix: typeof matrix; values: Float32Array }) => {
    const { estimates } = await assess(model!, input, [], embeddings, tools);
    return estimates.filter(({ id }) => id === "prediction-powered" || id === "atc");
  };
  expect(await byConfidence(surer)).toEqual(await byConfidence({ matrix, values }));
});

test("without a hold-out what is left is what the trained labels say of each other", async () => {
  const { full, estimates } = await look(makeInput("single", []));
  expect(full).toBeNull();
  expect(estimates.map(({ id }) => id)).toEqual(["out-of-fold"]);
});

test("several classes an item go the same way", async () => {
  const { full } = await look(makeInput("multiple"));
  expect(full!.measures.map(({ id }) => id)).toContain("hamming");
});

test("a baseline fit learns from its part and is asked about the rest; of one class it says that class", async () => {
  const input = makeInput();
  const embeddings = { matrix: await uploadPoints(points), values };
  const train = [0, 5, 12, 19];
  const others = [...input.holdOut.keys()].filter((at) => !train.includes(at));
  const { right } = await fitBaseline({ train, test: others }, input, embeddings, tools);
  expect(right).toHaveLength(16);
  expect(right.filter((one) => one === 1).length).toBeGreaterThan(11);
  const oneSided = await fitBaseline({ train: [0, 1], test: [2, 18] }, input, embeddings, tools);
  expect(oneSided.right).toEqual([1, 0]);
});

test("stops when told", async () => {
  const input = makeInput();
  const embeddings = { matrix: await uploadPoints(points), values };
  const { model } = await runRound(input, embeddings, null, tools);
  const stopping = { ...tools, stop: { aborted: true } };
  await expect(assess(model!, input, [], embeddings, stopping)).rejects.toThrow(Stopped);
});
