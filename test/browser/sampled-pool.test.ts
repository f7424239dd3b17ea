// A learner whose pool is larger than what it may hold: it asks among the sample, takes labels from outside it, and
// says of every row what it would say if it held them all.

import { beforeAll, expect, test } from "vitest";
import type { ClassId } from "../../src/core/ids";
import { modelLogits, type EmbeddingModel, type Model } from "../../src/core/learning/model";
import { defaultSettings } from "../../src/core/project";
import type { RoundInput } from "../../src/core/round";
import { WorkingPool } from "../../src/core/working-pool";
import { openDatabase } from "../../src/storage/database";
import { chunkRows, saveChunk } from "../../src/storage/embedding-store";
import { saveProject } from "../../src/storage/project-store";
import { saveRound } from "../../src/storage/round-store";
import { createLearner } from "../../workers/learner";
import { makeProject, openEmptied, projectId } from "./stored";

const rows = 700;
const dims = 6;
const sampled = 100;
const seed = 4;
const project = projectId();
const encoderKey = "made-up@1";
const values = Float32Array.from({ length: rows * dims }, (_, at) => Math.sin(at * 78.233) * 2);
const pool = WorkingPool.draw(rows, seed, sampled);
const outside = Array.from({ length: rows }, (_, row) => row).filter((row) => !pool.has(row));
const labelled = [...outside.slice(0, 4), ...pool.rows!.subarray(0, 4)];

const input: RoundInput = {
  number: 1,
  answerMode: "single",
  classIds: ["left", "right"] as ClassId[],
  train: labelled.map((row, at) => ({ row, classes: [at % 2] })).sort((a, b) => a.row - b.row),
  holdOut: [{ row: outside[9]!, classes: [0] }],
  candidates: Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => !labelled.includes(row)),
  settings: { ...defaultSettings, strategyId: "margin", headId: "logistic", batchSize: 20, seed },
};

beforeAll(async () => {
  const database = await openEmptied();
  await saveProject(database, makeProject("image", project));
  for (let firstRow = 0; firstRow < rows; firstRow += chunkRows) {
    const count = Math.min(chunkRows, rows - firstRow);
    const own = values.slice(firstRow * dims, (firstRow + count) * dims);
    await saveChunk(database, {
      projectId: project,
      encoderKey,
      firstRow: firstRow as never,
      rows: count,
      dims,
      values: own.buffer,
    });
  }
  database.close();
});

test("asks among the sample, learns from every label, and predicts all rows", async () => {
  const learner = createLearner({}, sampled);
  await learner.start("cpu", "webgpu", () => undefined);
  expect(await learner.load(project, encoderKey, seed)).toEqual({ rows: sampled, dims });
  const round = await learner.round(input);
  expect(round.trainCount).toBe(8);
  expect(round.questions).toHaveLength(20);
  for (const { row, nearest } of round.questions) {
    expect(pool.has(row) || row === outside[9]).toBe(true);
    for (const near of nearest ?? []) expect(labelled).toContain(near.row);
  }
  // The same model as one that was given all rows, so the labels were read at their own rows.
  const whole = createLearner({}, rows);
  await whole.start("cpu", "webgpu", () => undefined);
  await whole.load(project, encoderKey, seed);
  const other = await whole.round(input);
  const logitsOf = (model: Model | null) => modelLogits(model as EmbeddingModel, values, rows);
  const [ours, theirs] = [logitsOf(round.model), logitsOf(other.model)];
  ours.forEach((logit, at) => expect(logit).toBeCloseTo(theirs[at]!, 3));

  const database = await openDatabase();
  await saveRound(database, { projectId: project, encoderKey, poolRows: rows, at: 1 }, round);
  database.close();
  const { guesses, confidences } = await learner.predict(1);
  expect(guesses.length).toBe(rows);
  guesses.forEach((guess, row) => expect(guess).toBe(ours[2 * row]! >= ours[2 * row + 1]! ? 0 : 1));
  expect(Math.min(...confidences)).toBeGreaterThanOrEqual(0.5);
});
