// A project of texts with many labels: its rounds read terms, and all that looks at a round's model later says the
// same of the items as the round did.

import { expect, test, vi } from "vitest";
import { assess } from "../../src/core/evaluation/assess";
import { remeasure } from "../../src/core/evaluation/remeasure";
import type { ClassId } from "../../src/core/ids";
import { defaultSettings } from "../../src/core/project";
import { createRandom } from "../../src/core/random";
import type { RoundInput } from "../../src/core/round";
import { runRound, termsOf, type RoundTools } from "../../src/core/run-round";
import { makeTerms } from "./learning/make-terms";
import { kernels } from "./make-pool";
import { clusters } from "./make-training";

const [classes, dims, rows] = [3, 4, 800];
const all = clusters(rows, dims, classes, 3);
const classOf = Array.from({ length: rows }, (_, row) =>
  all.targets.subarray(row * classes, (row + 1) * classes).indexOf(1),
);
const known = makeTerms(classOf, { classes, sure: 0.9, random: createRandom(5) });
const labelled = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({ row: from + at, classes: [classOf[from + at]!] }));
const tools: RoundTools = { kernels, random: createRandom(5), now: () => 0, stop: null };

function inputOf(train: number): RoundInput {
  return {
    number: 1,
    answerMode: "single",
    classIds: ["one", "two", "three"] as ClassId[],
    train: labelled(0, train),
    holdOut: labelled(600, 750),
    candidates: Uint32Array.from({ length: 50 }, (_, at) => 750 + at),
    settings: { ...defaultSettings, headId: "logistic", strategyId: "margin", seed: 5, seedSize: 4 },
  };
}

async function embeddingsWith(terms: typeof known | null) {
  const matrix = await kernels.upload(all.features, rows, dims);
  return { matrix, values: all.features, terms: vi.fn(async () => terms) };
}

test("a round over 600 labels reads terms, and what looks at its model later reads them too", async () => {
  const input = inputOf(600);
  const plain = await runRound(input, await embeddingsWith(null), null, tools);
  expect(plain).toMatchObject({ model: { kind: "linear" }, terms: null });
  const embeddings = await embeddingsWith(known);
  const round = await runRound(input, embeddings, null, tools);
  expect(round).toMatchObject({ model: { kind: "with-terms" }, terms: { used: true, tested: 480 } });
  expect(round.evaluation!.accuracy.value).toBeGreaterThan(plain.evaluation!.accuracy.value + 0.05);
  expect(round.questions.length).toBe(Math.min(input.settings.batchSize, 50));

  const model = round.model!;
  const yardstick = { classIds: input.classIds, holdOut: input.holdOut, answerMode: "single" } as const;
  const again = remeasure(
    { classIds: input.classIds, model },
    yardstick,
    all.features,
    createRandom(1),
    await termsOf(model, embeddings),
  );
  expect(again.evaluation.accuracy.value).toBe(round.evaluation!.accuracy.value);
  const { full, estimates } = await assess(model, input, [], embeddings, tools);
  expect(full).not.toBeNull();
  expect(estimates.every(({ estimate }) => Number.isFinite(estimate.value))).toBe(true);
  const next = await runRound({ ...input, number: 2 }, embeddings, model, tools);
  expect(next.terms).toEqual(round.terms);
});

test("with fewer labels nobody reads them", async () => {
  const embeddings = await embeddingsWith(known);
  const round = await runRound(inputOf(400), embeddings, null, tools);
  expect(round).toMatchObject({ model: { kind: "linear" }, terms: null });
  expect(embeddings.terms).not.toHaveBeenCalled();
});
