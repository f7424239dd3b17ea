// Arithmetic that fails on purpose: work goes on by itself, on the same tier and then on slower ones, and wrong
// questions are not taken for failures.

import { expect, test, vi } from "vitest";
import { PoolExhausted, Stopped } from "../../src/core/errors";
import type { Kernels, Tier } from "../../src/core/kernels/kernels";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { tiersToTry } from "../../src/core/recovery";
import { guarded } from "../../workers/compute/guard";
import type { OpenedKernels } from "../../workers/compute/open-kernels";
import { SteadyCompute } from "../../workers/steady-compute";
import type { ComputeReport } from "../../workers/api";

type Spoil = (tier: Tier, time: number) => Partial<Kernels>;

/** A machine with all tiers, each the reference with some kernels spoilt. `time` counts openings from 1. */
function openSpoilt(spoil: Spoil) {
  const opened: Tier[] = [];
  const disposed: Tier[] = [];
  const open = async (preferred: Tier | "auto", options?: { fastest?: Tier }): Promise<OpenedKernels> => {
    const tier = tiersToTry(preferred, options?.fastest)[0]!;
    opened.push(tier);
    const kernels = {
      ...createReferenceKernels(),
      tier,
      dispose: () => disposed.push(tier),
      ...spoil(tier, opened.length),
    } as Kernels;
    const report: ComputeReport = { tier, adapter: null, notes: [], check: "Fine.", state: "ready" };
    return { kernels: guarded(kernels, tier), gpu: null, valueBytes: 4, report };
  };
  return { open, opened, disposed };
}

const embeddings = { values: Float32Array.of(0, 1, 5, 9), rows: 4, dims: 1 };
const all = Uint32Array.of(0, 1, 2, 3);
const none = new Uint32Array(0);
const fail = (message: string) => async () => {
  throw new Error(message);
};

async function startOn(spoil: Spoil) {
  const machine = openSpoilt(spoil);
  const reports: ComputeReport[] = [];
  const leaving = vi.fn();
  const compute = new SteadyCompute({ open: machine.open, now: () => 0, leaving });
  await compute.start("auto", "webgpu", (report) => reports.push(report));
  return { compute, reports, leaving, ...machine };
}

const select = (compute: SteadyCompute) =>
  compute.run(async ({ kernels, matrix }) => [
    ...(await kernels.farthestFirst(matrix, all, Uint32Array.of(0), 2, null)).rows,
  ]);

test("a tier that fails once is opened again, and the work done from its beginning", async () => {
  const { compute, reports, opened, disposed, leaving } = await startOn((_, time) =>
    time === 1 ? { farthestFirst: fail("Lost.") } : {},
  );
  await compute.hold(embeddings);
  expect(await select(compute)).toEqual([3, 2]);
  expect(opened).toEqual(["webgpu", "webgpu"]);
  expect(disposed).toEqual(["webgpu"]);
  expect(leaving).toHaveBeenCalledOnce();
  expect(reports.map(({ state, tier }) => `${tier} ${state}`)).toEqual(["webgpu recovering", "webgpu ready"]);
  expect(reports.at(-1)!.notes.join()).toMatch(/Lost.*started again.*embeddings are all there/);
});

test("a tier that fails again is given up for the next", async () => {
  const { compute, reports, opened } = await startOn((tier) =>
    tier === "webgpu" ? { farthestFirst: fail("Lost.") } : {},
  );
  await compute.hold(embeddings);
  expect(await select(compute)).toEqual([3, 2]);
  expect(opened).toEqual(["webgpu", "webgpu", "wasm"]);
  expect(reports.at(-1)).toMatchObject({ tier: "wasm", state: "ready" });
  expect(reports.at(-1)!.notes.at(-1)).toMatch(/WebAssembly is used instead/);
});

test("no room for the embeddings is a failure like another", async () => {
  const { compute, opened } = await startOn((tier) =>
    tier === "cpu"
      ? {}
      : {
          upload: async () => {
            throw new RangeError("Array buffer allocation failed");
          },
        },
  );
  await compute.hold(embeddings);
  expect(await select(compute)).toEqual([3, 2]);
  expect(opened).toEqual(["webgpu", "webgpu", "wasm", "wasm", "cpu"]);
});

test("when nothing is left the failure is told, and asking again tries again", async () => {
  let broken = true;
  const { compute } = await startOn(() => ({
    upload: async (...given) => {
      if (broken) throw new Error("Broken.");
      return createReferenceKernels().upload(...given);
    },
    farthestFirst: async () => ({ rows: Uint32Array.of(3), distances: Float32Array.of(9) }),
  }));
  await expect(compute.hold(embeddings)).rejects.toThrow("Broken.");
  broken = false;
  expect(await select(compute)).toEqual([3]);
});

test("works that fail together make one recovery", async () => {
  const { compute, opened } = await startOn((_, time) =>
    time === 1 ? { farthestFirst: fail("Lost.") } : {},
  );
  await compute.hold(embeddings);
  expect(await Promise.all([select(compute), select(compute)])).toEqual([
    [3, 2],
    [3, 2],
  ]);
  expect(opened).toEqual(["webgpu", "webgpu"]);
});

test("stops and wrong questions are no failures", async () => {
  const { compute, opened } = await startOn(() => ({}));
  await compute.hold(embeddings);
  const ask = (count: number, stop: { aborted: boolean } | null) =>
    compute.run(({ kernels, matrix }) => kernels.farthestFirst(matrix, all, none, count, stop));
  await expect(ask(9, null)).rejects.toThrow(PoolExhausted);
  await expect(ask(2, { aborted: true })).rejects.toThrow(Stopped);
  await expect(
    compute.run(({ kernels, matrix }) => kernels.multiply(matrix, Float32Array.of(1, 2, 3), 2)),
  ).rejects.toThrow(RangeError);
  expect(opened).toEqual(["webgpu"]);
});

test("work before the start is refused", async () => {
  const compute = new SteadyCompute();
  await expect(select(compute)).rejects.toThrow("before it was started");
});
