// Starts tfjs on WebGPU (on our device) or on WebAssembly. Each backend is loaded only when it is used.

import * as tf from "@tensorflow/tfjs-core";
import type { GpuDevice } from "./webgpu-device";

export async function startWasm(): Promise<void> {
  const [{ setWasmPaths }, plain, simd, threaded] = await Promise.all([
    import("@tensorflow/tfjs-backend-wasm"),
    import("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url"),
    import("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url"),
    import("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url"),
  ]);
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain.default,
    "tfjs-backend-wasm-simd.wasm": simd.default,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded.default,
  });
  // The threaded build starts its threads from its own source text, which a minified build breaks.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!(await tf.setBackend("wasm"))) throw new Error("WebAssembly could not be started.");
  await tf.ready();
}

export async function startWebGpu({ device, info }: GpuDevice): Promise<void> {
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  // The import registers a factory that would make a device of its own.
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, info as never), 3);
  if (!(await tf.setBackend("webgpu"))) throw new Error("tfjs could not start on the graphics adapter.");
  await tf.ready();
}
