// Looks between two rounds: fresh chance after each answer, heads brought up instead of fitted, and the place of the
// item on screen.

import { expect, test } from "vitest";
import { Stopped } from "../../src/core/errors";
import type { ClassId } from "../../src/core/ids";
import type { FitBase } from "../../src/core/learning/update-head";
import { defaultSettings } from "../../src/core/project";
import { createRandom } from "../../src/core/random";
import type { LabelledRow, Round, RoundInput } from "../../src/core/round";
import { runTurn } from "../../src/core/run-round";
import { kernels, onCircle, uploadPoints } from "./make-pool";

const classIds = ["left", "right"] as ClassId[];
const size = 60;
/** Rows lie evenly on a half circle; the first half of them is of class 0. */
const points = Array.from({ length: size }, (_, row) => onCircle((row * 180) / size));
const label = (...rows: number[]): LabelledRow[] =>
  rows.map((row) => ({ row, classes: [row < size / 2 ? 0 : 1] }));
const tools = { kernels, random: createRandom(5), now: () => 0, stop: null };

function makeInput(
  change: Partial<Omit<RoundInput, "settings">> & Pick<RoundInput, "train">,
  settings = {},
): RoundInput {
  const taken = new Set(change.train.map(({ row }) => row));
  return {
    number: 1,
    answerMode: "single",
    classIds,
    holdOut: [],
    candidates: Uint32Array.from(points.keys()).filter((row) => !taken.has(row)),
    ...change,
    settings: { ...defaultSettings, headId: "logistic", seed: 5, seedSize: 4, ...settings },
  };
}

async function embed() {
  return { matrix: await uploadPoints(points), values: Float32Array.from(points.flat()) };
}

async function run(input: RoundInput): Promise<Round> {
  return (await runTurn(input, await embed(), null, tools)).round;
}

const train = label(2, 8, 50, 57);

test("chance differs from answer to answer, though the number does not", async () => {
  const drawnBy = async (input: RoundInput) => {
    const { questions } = await run(input);
    return questions.filter(({ source }) => source === "random").map(({ row }) => row);
  };
  const settings = { randomShare: 0.5, batchSize: 20 };
  const first = await drawnBy(makeInput({ train, between: true, asked: 0 }, settings));
  const later = await drawnBy(
    makeInput({ train: label(2, 8, 50, 57, 3), between: true, asked: 0 }, settings),
  );
  expect(first.length).toBeGreaterThan(5);
  expect(first.filter((row) => later.includes(row)).length).toBeLessThan(first.length);
  expect(first).toEqual(await drawnBy(makeInput({ train, between: true, asked: 0 }, settings)));
});

test("a base is brought up to the labels instead of a fit, where it leads to them", async () => {
  const embeddings = await embed();
  const { head: fitted } = await runTurn(makeInput({ train }), embeddings, null, tools);
  const base: FitBase = { fitted: fitted!, classes: classIds.join(), train };
  const more = label(2, 8, 31, 50, 57);
  const updated = await runTurn(makeInput({ train: more, between: true }), embeddings, null, {
    ...tools,
    base,
  });
  expect(updated.fit).toBe("update");
  expect(updated.round).toMatchObject({ trainCount: 5, headId: "logistic" });
  expect(updated.round.questions[0]!.confidence).not.toBeNull();
  const changed = [{ row: 2, classes: [1] }, ...label(8, 50, 57)];
  expect((await runTurn(makeInput({ train: changed }), embeddings, null, { ...tools, base })).fit).toBe(
    "full",
  );
});

test("what is on screen counts as asked when slots of the random slice are dealt", async () => {
  const slots = async (asked: number) =>
    (await run(makeInput({ train, asked }, { randomShare: 0.25, batchSize: 12 }))).questions.map(
      ({ source }) => source === "random",
    );
  expect((await slots(4)).slice(1)).toEqual((await slots(5)).slice(0, -1));
});

test("a stop that arrives in the middle of a long fit ends it there", async () => {
  const stop = { aborted: false };
  let pauses = 0;
  const pause = async () => {
    stop.aborted = ++pauses === 3;
  };
  const input = makeInput({ train }, { headId: "mlp" });
  const embeddings = await embed();
  await expect(runTurn(input, embeddings, null, { ...tools, stop, pause })).rejects.toThrow(Stopped);
  expect(pauses).toBe(3);
  const paused = await runTurn(input, embeddings, null, { ...tools, pause: async () => undefined });
  expect(paused.round).toEqual(await run(input));
});
