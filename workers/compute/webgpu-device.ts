// Our own GPUDevice, made once for the kernels and for tfjs where that is wanted, with the handlers that tfjs
// lacks: it is silent on failure.

export interface GpuDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** The first thing that went wrong on the device since it was opened, or null. */
  failure(): string | null;
}

export type GpuSearch =
  { readonly found: true; readonly adapter: GPUAdapter } | { readonly found: false; readonly reason: string };

/**
 * A software adapter is right but about a hundred times slower than wasm, so it is taken only if asked for.
 * @param gpu the browser's where it is not given; Node is given Dawn's.
 */
export async function findAdapter(
  allowSoftware: boolean,
  gpu: GPU | null | undefined = navigator.gpu,
): Promise<GpuSearch> {
  if (!gpu) return { found: false, reason: "This browser has no WebGPU." };
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return { found: false, reason: "The browser offers no graphics adapter." };
  if (adapter.info.isFallbackAdapter && !allowSoftware) {
    return {
      found: false,
      reason: "The only graphics adapter is a software one, which is slower than WebAssembly.",
    };
  }
  return { found: true, adapter };
}

// What tfjs raises by itself on its own device, plus the buffers a shader may bind (its default of 8 is scarce).
const raisedLimits = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeInvocationsPerWorkgroup",
  "maxStorageBuffersPerShaderStage",
] as const;

export async function openDevice(adapter: GPUAdapter): Promise<GpuDevice> {
  const wanted = ["shader-f16", "subgroups", "timestamp-query"] as const;
  const device = await adapter.requestDevice({
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(raisedLimits.map((limit) => [limit, adapter.limits[limit]])),
  });
  let failure: string | null = null;
  device.addEventListener("uncapturederror", (event) => (failure ??= event.error.message));
  void device.lost.then(
    ({ reason, message }) => (failure ??= `The graphics device was lost (${reason}). ${message}`),
  );
  return { device, info: adapter.info, failure: () => failure };
}
