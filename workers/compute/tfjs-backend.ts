// The seam for tfjs, which only fine-tuning an encoder needs: registers it on the device the kernels use. Nothing
// else loads tfjs.

import * as tf from "@tensorflow/tfjs-core";
import type { GpuDevice } from "./webgpu-device";

/** To be called once on a device; tfjs is silent on failure, so ask `failure` of the device after each result. */
export async function startWebGpu({ device, info }: GpuDevice): Promise<void> {
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  // The import registers a factory that would make a device of its own.
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, info as never), 3);
  if (!(await tf.setBackend("webgpu"))) throw new Error("tfjs could not start on the graphics adapter.");
  await tf.ready();
}
