// TensorFlow.js set up for this worker: WebAssembly from our own origin, our own graphics device, plain
// JavaScript last. Loaded only when a TensorFlow.js model is used.

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import simdWasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import plainWasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { findAdapter, openDevice, type GpuDevice } from "../../compute/webgpu-device";
import type { Device } from "./runner";
import { addWasmGradients } from "./tfjs-wasm-gradients";

let gpu: GpuDevice | null = null;
let prepared: Promise<FoundDevices> | null = null;

interface FoundDevices {
  readonly devices: readonly Device[];
  /** Why the graphics card is not among them; null where it is. */
  readonly noGpu: string | null;
}

/** The devices this machine has for TensorFlow.js, fastest first. */
export async function tfjsDevices(): Promise<readonly Device[]> {
  return (await (prepared ??= prepare())).devices;
}

/** Why models cannot be run on the graphics card here; null where they can. */
export async function whyNoGpu(): Promise<string | null> {
  return (await (prepared ??= prepare())).noGpu;
}

async function prepare(): Promise<FoundDevices> {
  // The threaded build breaks when minified; the library wants a path for it all the same.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plainWasm,
    "tfjs-backend-wasm-simd.wasm": simdWasm,
    "tfjs-backend-wasm-threaded-simd.wasm": simdWasm,
  });
  addWasmGradients();
  // What the library registers by itself would ask for any adapter, a software one too.
  if (tf.findBackendFactory("webgpu")) tf.removeBackend("webgpu");
  const search = await findAdapter(false, globalThis.navigator?.gpu ?? null);
  if (!search.found) return { devices: ["wasm", "cpu"], noGpu: search.reason };
  const opened = (gpu = await openDevice(search.adapter));
  tf.registerBackend("webgpu", () => new WebGPUBackend(opened.device, opened.info), 3);
  return { devices: ["webgpu", "wasm", "cpu"], noGpu: null };
}

/** Makes the device the one that computes from now on. @throws where it does not start. */
export async function useTfjsDevice(device: Device): Promise<void> {
  if (tf.getBackend() === device) return;
  if (!(await tf.setBackend(device))) throw new Error(`TensorFlow.js could not be started on ${device}.`);
  await tf.ready();
}

/** The library is silent when the graphics device fails; what it computed then is worth nothing. */
export function throwIfDeviceFailed(device: Device): void {
  const failure = device === "webgpu" ? gpu?.failure() : null;
  if (failure) throw new Error(`The graphics card failed (${failure}). Reload the page to go on.`);
}
