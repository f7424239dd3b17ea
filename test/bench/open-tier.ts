// The kernels of a tier in Node.

import type { Kernels, Tier } from "../../src/core/kernels/kernels";
import { createReferenceKernels } from "../../src/core/kernels/reference-kernels";
import { openKernels } from "../../workers/compute/open-kernels";

/** @param say is told on what the tier runs, and what its self-check found. @throws Error, with a sentence, where the tier is not to be had. */
export async function openTier(
  tier: Tier,
  allowNode: boolean,
  say: (line: string) => void,
): Promise<Kernels> {
  if (tier === "cpu") return createReferenceKernels();
  if (tier === "webgpu") await provideWebGpu(allowNode);
  const { kernels, report } = await openKernels(tier);
  if (report.tier !== tier)
    throw new Error(`The ${tier} tier is not to be had here. ${report.notes.join(" ")}`);
  say(`${tier}${report.adapter ? ` on ${report.adapter}` : ""}: ${report.check}`);
  return kernels;
}

/** Gives Node what a browser has, from the npm package `webgpu` (Dawn). */
async function provideWebGpu(allowNode: boolean): Promise<void> {
  if (!allowNode)
    throw new Error("Node has no WebGPU of its own: add --node to use the package webgpu (Dawn).");
  const name = "webgpu";
  const dawn = await import(/* @vite-ignore */ name).catch(() => {
    throw new Error("The package webgpu is not installed: npm install --no-save webgpu");
  });
  Object.assign(globalThis, dawn.globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: dawn.create([]) }, configurable: true });
}
