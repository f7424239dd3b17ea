// The WebGPU kernels in a real browser, each way they can run, against the reference, and what the common
// questions leave out. SwiftShader is slow, so blocks are small rather than matrices large.

import { describe, expect, test } from "vitest";
import { Stopped } from "../../src/core/errors";
import { createWebGpuKernels, type WebGpuKernels } from "../../workers/compute/webgpu/kernels";
import type { GpuOptions } from "../../workers/compute/webgpu/gpu";
import { findAdapter, openDevice } from "../../workers/compute/webgpu-device";
import { describeAgreement } from "../core/kernels/kernel-agreement";

async function open(options: GpuOptions): Promise<WebGpuKernels | null> {
  const search = await findAdapter(true);
  return search.found ? createWebGpuKernels(await openDevice(search.adapter), options) : null;
}

describeAgreement("webgpu in single precision", () => open({ precision: "single" }));
describeAgreement("webgpu in half precision, in many blocks", () =>
  open({ precision: "half", blockBytes: 16_384 }),
);
describeAgreement("webgpu without subgroups, in many blocks", () =>
  open({ precision: "single", subgroups: false, blockBytes: 32_768 }),
);

describe("webgpu", { timeout: 60_000 }, () => {
  const rows = 300;
  const dims = 4;
  const values = Float32Array.from({ length: rows * dims }, (_, at) => Math.sin(at * 12.9898) * 3);
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const none = new Uint32Array(0);

  test("gives up half precision for numbers it cannot hold", async () => {
    const kernels = await open({ precision: "half" });
    if (!kernels) return;
    const one = Float32Array.of(1, 0, 0, 0);
    for (const scale of [1e6, 1e-4]) {
      const large = values.map((value) => value * scale);
      const matrix = await kernels.upload(large, rows, dims);
      const found = await kernels.multiply(matrix, one, 1);
      for (let row = 0; row < rows; row++) expect(found[row]).toBeCloseTo(large[row * dims]!, 6);
    }
    kernels.dispose();
  });

  test("takes more workgroups than one dimension of the grid has", async () => {
    const kernels = await open({ precision: "single" });
    if (!kernels) return;
    Object.defineProperty(kernels.gpu, "maxGroups", { value: 2 });
    const matrix = await kernels.upload(values, rows, dims);
    const weights = Float32Array.of(1, 2, 3, 4);
    const found = await kernels.multiply(matrix, weights, 1);
    for (let row = 0; row < rows; row++) {
      const expected = weights.reduce((sum, weight, k) => sum + weight * values[row * dims + k]!, 0);
      expect(found[row]).toBeCloseTo(expected, 4);
    }
    const { rows: picks } = await kernels.farthestFirst(matrix, all, none, rows, null);
    expect(new Set(picks).size).toBe(rows);
    kernels.dispose();
  });

  test("finds more neighbours than a lane can hold", async () => {
    const kernels = await open({ precision: "single" });
    if (!kernels) return;
    const matrix = await kernels.upload(values, rows, dims);
    const queries = Uint32Array.of(7, 150);
    const few = await kernels.nearest(matrix, queries, 30, null);
    const many = await kernels.nearest(matrix, queries, 100, null);
    for (const at of [0, 1])
      expect([...many.rows.subarray(at * 100, at * 100 + 30)]).toEqual([
        ...few.rows.subarray(at * 30, at * 30 + 30),
      ]);
    kernels.dispose();
  });

  test("stops in the middle of a selection, and goes on serving", async () => {
    const kernels = await open({ precision: "single" });
    if (!kernels) return;
    const matrix = await kernels.upload(values, rows, dims);
    const stop = new AbortController();
    const selection = kernels.spreadSample(matrix, all, none, rows, 1, stop.signal);
    setTimeout(() => stop.abort(), 1);
    await expect(selection).rejects.toThrow(Stopped);
    expect(await kernels.spreadSample(matrix, all, none, 3, 1, null)).toHaveLength(3);
    kernels.dispose();
  });

  test("does not trust results of a device that reports an error", async () => {
    const kernels = await open({ precision: "single" });
    if (!kernels) return;
    const matrix = await kernels.upload(values, rows, dims);
    const { device } = kernels.gpu;
    const create = device.createBindGroup.bind(device);
    // Binds nothing but the parameters, as a bug would.
    device.createBindGroup = (descriptor) =>
      create({ ...descriptor, entries: [...descriptor.entries].slice(-1) });
    await expect(kernels.density(matrix, all)).rejects.toThrow("The graphics card reported an error");
    device.createBindGroup = create;
    expect(await kernels.density(matrix, all)).toHaveLength(rows);
    kernels.dispose();
  });
});
