// Picks the tier: WebGPU on a hardware adapter, else WebAssembly, else plain JavaScript. A tier that cannot
// start or that disagrees with the reference is passed over, and the report says so.

import type { Kernels, Tier } from "../../src/core/kernels/kernels";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { tiersToTry } from "../../src/core/recovery";
import type { ComputeReport } from "../api";
import { guarded } from "./guard";
import { findDisagreement } from "./self-check";
import { createWasmKernels } from "./wasm/wasm-kernels";
import { createWebGpuKernels } from "./webgpu/kernels";
import { findAdapter, openDevice, type GpuDevice } from "./webgpu-device";

export interface OpenedKernels {
  /** Their failures are TierFailed. */
  readonly kernels: Kernels;
  /** The device of the WebGPU tier, which tfjs can be registered on; null elsewhere. */
  readonly gpu: GpuDevice | null;
  /** Bytes of a number of an embedding as held. */
  readonly valueBytes: number;
  readonly report: ComputeReport;
}

export interface OpenOptions {
  /** Tiers faster than this have failed and are not tried. */
  readonly fastest?: Tier;
  /** What the adapter is asked of; the browser's where it is not given, and null for none. */
  readonly gpu?: GPU | null;
}

export const tierNames: Readonly<Record<Tier, string>> = {
  webgpu: "The graphics card (WebGPU)",
  wasm: "WebAssembly",
  cpu: "JavaScript",
};

interface Attempt {
  readonly kernels: Kernels;
  readonly adapter: string | null;
  readonly gpu: GpuDevice | null;
  readonly valueBytes: number;
}

/** Never rejects: plain JavaScript always works. */
export async function openKernels(
  preferred: Tier | "auto",
  { fastest, gpu }: OpenOptions = {},
): Promise<OpenedKernels> {
  const notes: string[] = [];
  for (const tier of tiersToTry(preferred, fastest)) {
    if (tier === "cpu") break;
    const attempt = await attemptTier(tier, preferred === "webgpu", gpu).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      notes.push(
        error instanceof TierUnavailable ? reason : `${tierNames[tier]} could not be used: ${reason}`,
      );
      return null;
    });
    if (!attempt) continue;
    const startedAt = performance.now();
    const wrong = await findDisagreement(attempt.kernels).catch((error: unknown) => String(error));
    const tookMs = Math.round(performance.now() - startedAt);
    if (wrong === null) {
      const { adapter, kernels, gpu, valueBytes } = attempt;
      const check = `Its self-check agreed with the reference in every kernel (${tookMs.toLocaleString("en")} ms).`;
      const report = { tier, adapter, notes, check, state: "ready" } as const;
      return { kernels: guarded(kernels, tierNames[tier]), gpu, valueBytes, report };
    }
    attempt.kernels.dispose();
    notes.push(`${tierNames[tier]} gave a wrong answer in the self-check (${wrong}), so it is not used.`);
  }
  const check = "It is the reference the others are checked against.";
  return {
    kernels: guarded(createReferenceKernels(), tierNames.cpu),
    gpu: null,
    valueBytes: 4,
    report: { tier: "cpu", adapter: null, notes, check, state: "ready" },
  };
}

/** A tier this machine does not have; nothing is broken. */
class TierUnavailable extends Error {}

async function attemptTier(
  tier: "webgpu" | "wasm",
  allowSoftware: boolean,
  given: GPU | null | undefined,
): Promise<Attempt> {
  if (tier === "wasm") return { kernels: await createWasmKernels(), adapter: null, gpu: null, valueBytes: 4 };
  const search = await findAdapter(allowSoftware, given);
  if (!search.found) throw new TierUnavailable(search.reason);
  const gpu = await openDevice(search.adapter);
  const kernels = createWebGpuKernels(gpu);
  const half = kernels.gpu.precision === "half";
  const { description, vendor, architecture } = gpu.info;
  const name = description || `${vendor} ${architecture}`.trim() || "an adapter without a name";
  return {
    kernels,
    adapter: `${name}, ${half ? "half" : "single"} precision`,
    gpu,
    valueBytes: half ? 2 : 4,
  };
}
