// The arithmetic failing in every way it can, while a learner works on it: each time the round comes back the
// same, the embeddings are still there, and a sentence says what happened.

import { beforeAll, describe, expect, test } from "vitest";
import type { ClassId } from "../../src/core/ids";
import { defaultSettings } from "../../src/core/project";
import type { Round, RoundInput } from "../../src/core/round";
import { openLearner } from "../../src/engine/learner";
import { saveChunk } from "../../src/storage/embedding-store";
import { saveProject } from "../../src/storage/project-store";
import type { ComputeReport } from "../../workers/api";
import { guarded } from "../../workers/compute/guard";
import { openKernels } from "../../workers/compute/open-kernels";
import { createWebGpuKernels } from "../../workers/compute/webgpu/kernels";
import { findAdapter, openDevice } from "../../workers/compute/webgpu-device";
import { createLearner } from "../../workers/learner";
import { makeProject, openEmptied, projectId } from "./stored";
import { destroyAfter, lie, refuseMemory, spoilGpu, type SpoiltGpu } from "./webgpu-adapter";

const rows = 200;
const dims = 6;
const project = projectId();
const encoderKey = "made-up@1";

beforeAll(async () => {
  const database = await openEmptied();
  await saveProject(database, makeProject("image", project));
  const values = Float32Array.from({ length: rows * dims }, (_, at) => Math.sin(at * 78.233) * 2);
  await saveChunk(database, {
    projectId: project,
    encoderKey,
    firstRow: 0 as never,
    rows,
    dims,
    values: values.buffer,
  });
  database.close();
});

const input: RoundInput = {
  number: 1,
  answerMode: "single",
  classIds: ["left", "right"] as ClassId[],
  train: [0, 1, 2, 3, 4, 5].map((row) => ({ row, classes: [row % 2] })),
  holdOut: [],
  candidates: Uint32Array.from({ length: rows - 6 }, (_, at) => at + 6),
  settings: { ...defaultSettings, strategyId: "k-center", headId: "logistic", batchSize: 30, seed: 4 },
};

const picks = ({ questions }: Round) => questions.map(({ row }) => row);

let expected: Promise<number[]> | null = null;
/** What plain JavaScript asks. */
function undisturbed(): Promise<number[]> {
  expected ??= (async () => {
    const learner = createLearner();
    await learner.start("cpu", "webgpu", () => undefined);
    await learner.load(project, encoderKey, 1);
    return picks(await learner.round(input));
  })();
  return expected;
}

/** A learner on this GPU, and below it on the true tiers. Without the self-check, which other tests take. */
async function startOn({ gpu }: SpoiltGpu) {
  const reports: ComputeReport[] = [];
  const open: typeof openKernels = async (preferred, options) => {
    const search = await findAdapter(true, gpu);
    if (options?.fastest !== "webgpu" || !search.found) return openKernels(preferred, options);
    const device = await openDevice(search.adapter);
    const kernels = guarded(createWebGpuKernels(device, { precision: "single" }), "The graphics card");
    const report = { tier: "webgpu", adapter: "test", notes: [], check: "", state: "ready" } as const;
    return { kernels, gpu: device, valueBytes: 4, report };
  };
  const learner = createLearner({ open });
  await learner.start("auto", "webgpu", (report) => reports.push(report));
  return { learner, reports };
}

const lastOf = (reports: readonly ComputeReport[]) => reports.at(-1)!;

describe("a learner", { timeout: 90_000 }, () => {
  test("whose device is lost in the middle of an upload", async () => {
    const spoilt = spoilGpu((device, number) => number === 1 && destroyAfter(device, 1));
    const { learner, reports } = await startOn(spoilt);
    expect(await learner.load(project, encoderKey, 1)).toEqual({ rows, dims });
    expect(picks(await learner.round(input))).toEqual(await undisturbed());
    expect(spoilt.devices).toHaveLength(2);
    expect(reports.map(({ tier, state }) => `${tier} ${state}`)).toEqual([
      "webgpu recovering",
      "webgpu ready",
    ]);
    expect(lastOf(reports).notes.at(-1)).toMatch(/lost.*started again/);
  });

  test("whose device is lost in the middle of a selection", async () => {
    const spoilt = spoilGpu(() => undefined);
    const { learner, reports } = await startOn(spoilt);
    await learner.load(project, encoderKey, 1);
    // The first submits of the round are the scores; the selection's follow.
    destroyAfter(spoilt.devices[0]!, 2);
    expect(picks(await learner.round(input))).toEqual(await undisturbed());
    expect(spoilt.devices).toHaveLength(2);
    expect(lastOf(reports)).toMatchObject({ tier: "webgpu", state: "ready" });
  });

  test("whose device is lost between two rounds", async () => {
    const spoilt = spoilGpu(() => undefined);
    const { learner, reports } = await startOn(spoilt);
    await learner.load(project, encoderKey, 1);
    await learner.round(input);
    spoilt.devices[0]!.destroy();
    expect(picks(await learner.round(input))).toEqual(await undisturbed());
    expect(lastOf(reports)).toMatchObject({ tier: "webgpu", state: "ready" });
  });

  test("whose device is lost every time", async () => {
    const { learner, reports } = await startOn(spoilGpu((device) => destroyAfter(device, 3)));
    await learner.load(project, encoderKey, 1);
    expect(picks(await learner.round(input))).toEqual(await undisturbed());
    expect(lastOf(reports)).toMatchObject({ tier: "wasm", state: "ready" });
    expect(lastOf(reports).notes.at(-1)).toMatch(/lost.*WebAssembly is used instead.*all there/);
  });

  test("whose card has no room for the embeddings", async () => {
    const spoilt = spoilGpu(refuseMemory);
    const { learner, reports } = await startOn(spoilt);
    expect(await learner.load(project, encoderKey, 1)).toEqual({ rows, dims });
    expect(picks(await learner.round(input))).toEqual(await undisturbed());
    expect(spoilt.devices).toHaveLength(2);
    expect(lastOf(reports)).toMatchObject({ tier: "wasm" });
    expect(lastOf(reports).notes.at(-1)).toMatch(/ran out of memory.*WebAssembly is used instead/);
  });

  test("whose worker is killed in the middle of a round", async () => {
    const workers: Worker[] = [];
    const deaths: Error[] = [];
    const events = { died: (error: Error) => deaths.push(error), changed: () => undefined };
    const learner = openLearner("wasm", events, () => {
      const worker = new Worker(new URL("../../workers/learner.worker.ts", import.meta.url), {
        type: "module",
      });
      workers.push(worker);
      return worker;
    });
    await learner.load(project, encoderKey, rows, 1);
    const round = learner.round(input, new AbortController().signal);
    workers[0]!.terminate();
    await expect(round).rejects.toThrow("stopped unexpectedly");
    const report = await learner.load(project, encoderKey, rows, 1);
    expect(report).toMatchObject({ tier: "wasm" });
    expect(report.notes.join()).toMatch(/was started again/);
    expect(picks(await learner.round(input, new AbortController().signal))).toEqual(await undisturbed());
    expect(deaths).toHaveLength(1);

    // A second death is held against the tier.
    const again = learner.round(input, new AbortController().signal);
    workers[1]!.terminate();
    await expect(again).rejects.toThrow("stopped unexpectedly");
    expect(await learner.load(project, encoderKey, rows, 1)).toMatchObject({ tier: "cpu" });
    expect(picks(await learner.round(input, new AbortController().signal))).toEqual(await undisturbed());
    learner.close();
  });
});

describe("the start", { timeout: 90_000 }, () => {
  test("without a graphics adapter", async () => {
    const none = { requestAdapter: async () => null } as unknown as GPU;
    const { report } = await openKernels("auto", { gpu: none });
    expect(report).toMatchObject({ tier: "wasm", state: "ready" });
    expect(report.notes).toEqual(["The browser offers no graphics adapter."]);
  });

  test("with a software adapter nobody asked for", async () => {
    const { report } = await openKernels("auto");
    if (navigator.gpu) expect(report.notes.join()).toMatch(/software/);
    expect(report.tier).toBe("wasm");
  });

  test("with an adapter that lies", async () => {
    const { devices, gpu } = spoilGpu(lie);
    const { report } = await openKernels("webgpu", { gpu });
    expect(devices).toHaveLength(1);
    expect(report).toMatchObject({ tier: "wasm", state: "ready" });
    expect(report.notes.join()).toMatch(/gave a wrong answer in the self-check/);
  });

  test("with an adapter that tells the truth", async () => {
    const { report, kernels } = await openKernels("webgpu", { gpu: spoilGpu(() => undefined).gpu });
    expect(report).toMatchObject({ tier: "webgpu", notes: [] });
    kernels.dispose();
  });
});
