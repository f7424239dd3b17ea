// Picks the tier: WebGPU on a hardware adapter, else WebAssembly, else plain JavaScript. A tier that cannot
// start or that disagrees with the reference is passed over, and the report says so.

import type { Kernels, Tier } from "../../src/core/kernels";
import { createReferenceKernels } from "../../src/core/reference-kernels";
import type { ComputeReport } from "../api";
import { findDisagreement } from "./self-check";
import { startWebGpu } from "./tfjs-backend";
import { createTfjsKernels } from "./tfjs-kernels";
import { createWasmKernels } from "./wasm/wasm-kernels";
import { findAdapter, openDevice } from "./webgpu-device";

export interface OpenedKernels {
  readonly kernels: Kernels;
  readonly report: ComputeReport;
}

const tierNames: Record<Tier, string> = {
  webgpu: "The graphics card (WebGPU)",
  wasm: "WebAssembly",
  cpu: "JavaScript",
};

interface Attempt {
  readonly kernels: Kernels;
  readonly adapter: string | null;
}

/** Never rejects: plain JavaScript always works. */
export async function openKernels(preferred: Tier | "auto"): Promise<OpenedKernels> {
  const notes: string[] = [];
  const order: Tier[] = preferred === "cpu" ? [] : preferred === "wasm" ? ["wasm"] : ["webgpu", "wasm"];
  for (const tier of order) {
    try {
      const { kernels, adapter } = await (tier === "webgpu"
        ? openWebGpu(preferred === "webgpu")
        : openWasm());
      const wrong = await findDisagreement(kernels);
      if (!wrong) return { kernels, report: { tier, adapter, notes } };
      kernels.dispose();
      notes.push(`${tierNames[tier]} gave a wrong answer in the self-check (${wrong}), so it is not used.`);
    } catch (error) {
      notes.push(
        error instanceof TierUnavailable
          ? error.message
          : `${tierNames[tier]} could not be used: ${String(error)}`,
      );
    }
  }
  return { kernels: createReferenceKernels(), report: { tier: "cpu", adapter: null, notes } };
}

/** A tier this machine does not have; nothing is broken. */
class TierUnavailable extends Error {}

async function openWebGpu(allowSoftware: boolean): Promise<Attempt> {
  const search = await findAdapter(allowSoftware);
  if (!search.found) throw new TierUnavailable(search.reason);
  const gpu = await openDevice(search.adapter);
  await startWebGpu(gpu);
  const { description, vendor, architecture } = gpu.info;
  return {
    kernels: createTfjsKernels("webgpu", gpu.failure),
    adapter: description || `${vendor} ${architecture}`.trim(),
  };
}

async function openWasm(): Promise<Attempt> {
  return { kernels: await createWasmKernels(), adapter: null };
}
