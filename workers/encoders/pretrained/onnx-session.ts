// ONNX Runtime set up for this worker, its WebAssembly from our own origin, and one model open in it.

import type { InferenceSession, Tensor } from "onnxruntime-web";
import { type ModelFolder, UnusableModel } from "../../../src/formats/models/model-files";
import { findAdapter, openDevice, type GpuDevice } from "../../compute/webgpu-device";
import { fetchOnDemand } from "./on-demand";
import type { Device } from "./runner";

type Ort = Pick<typeof import("onnxruntime-web"), "InferenceSession" | "Tensor" | "env">;

export interface OnnxSession {
  readonly ort: Ort;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the model for one output. @throws UnusableModel where it does not run. */
  run(feeds: Readonly<Record<string, Tensor>>, output: string): Promise<OnnxOutput>;
  /** Throws where the graphics device failed since it was opened. */
  close(): void;
}

export interface OnnxOutput {
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

let gpu: GpuDevice | null = null;
const started = new Map<Device, Promise<Ort>>();

/** The devices this machine has for ONNX, fastest first. */
export async function onnxDevices(): Promise<readonly Device[]> {
  const search = await findAdapter(false, globalThis.navigator?.gpu ?? null);
  if (!search.found) return ["wasm"];
  gpu ??= await openDevice(search.adapter);
  return ["webgpu", "wasm"];
}

function startOrt(device: Device): Promise<Ort> {
  const starting = started.get(device) ?? start(device);
  started.set(device, starting);
  // A server that was out of reach may be there the next time.
  starting.catch(() => started.delete(device));
  return starting;
}

/** Without a graphics card half of it is enough: the part for WebAssembly alone. */
async function start(device: Device): Promise<Ort> {
  const ort: Ort =
    device === "webgpu" ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web/wasm");
  const { default: url } =
    device === "webgpu"
      ? await import("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url")
      : await import("onnxruntime-web/ort-wasm-simd-threaded.wasm?url");
  // One thread: more need headers that a plain static host does not send.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = await fetchOnDemand(url);
  return ort;
}

/** @throws UnusableModel */
export async function openSession(
  folder: ModelFolder,
  onnx: string,
  paths: readonly string[],
  device: Device,
): Promise<OnnxSession> {
  const ort = await startOrt(device);
  const session = await create(ort, folder, onnx, paths, device);
  return {
    ort,
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, output) {
      const results = await session.run(feeds, [output]).catch((error: unknown) => {
        throw asUnusable(error);
      });
      const failure = device === "webgpu" ? gpu?.failure() : null;
      if (failure) throw new Error(`The graphics card failed (${failure}). Reload the page to go on.`);
      const tensor = results[output]!;
      const values = toFloats(tensor);
      tensor.dispose();
      return { values, dims: tensor.dims };
    },
    close: () => void session.release(),
  };
}

async function create(
  ort: Ort,
  folder: ModelFolder,
  onnx: string,
  paths: readonly string[],
  device: Device,
): Promise<InferenceSession> {
  const inside = onnx.slice(0, onnx.lastIndexOf("/") + 1);
  const outside = paths.filter((path) => path !== onnx && path.startsWith(onnx));
  const externalData = await Promise.all(
    outside.map(async (path) => ({
      path: path.slice(inside.length),
      data: new Uint8Array(await folder.bytes(path)),
    })),
  );
  const provider = device === "webgpu" ? { name: "webgpu", device: gpu!.device } : { name: "wasm" };
  try {
    return await ort.InferenceSession.create(new Uint8Array(await folder.bytes(onnx)), {
      executionProviders: [provider] as InferenceSession.ExecutionProviderConfig[],
      // Warnings about how it was optimised are nobody's business here.
      logSeverityLevel: 3,
      ...(externalData.length > 0 && { externalData }),
    });
  } catch (error) {
    throw error instanceof UnusableModel ? error : asUnusable(error);
  }
}

function asUnusable(error: unknown): UnusableModel {
  const message = error instanceof Error ? error.message : String(error);
  const op =
    /No Op registered for (\w+)/.exec(message)?.[1] ??
    /(\w+)\(-?\d+\) is not a registered function\/op/.exec(message)?.[1] ??
    /Could not find an implementation for (\w+)/.exec(message)?.[1];
  if (op)
    return new UnusableModel(
      `The model uses the operation "${op}", which ONNX Runtime does not have in a browser. Choose another model, or another of its ONNX files.`,
      { cause: error },
    );
  if (/protobuf|INVALID_PROTOBUF/i.test(message))
    return new UnusableModel(
      "The .onnx file is damaged, cut off or something else. Copy it again from where it came.",
      {
        cause: error,
      },
    );
  if (/external data|external_data|ModelPath/i.test(message))
    return new UnusableModel(
      "The model's weights lie in a second file (.onnx_data), which is missing or does not fit. Choose the whole folder.",
      { cause: error },
    );
  if (/memory|alloc/i.test(message))
    return new UnusableModel(
      "The model does not fit into the memory of this tab. Take a smaller one of its family, or one in half precision.",
      { cause: error },
    );
  return new UnusableModel(`ONNX Runtime cannot run this model: ${message}`, { cause: error });
}

function toFloats({ data, type }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data.slice();
  if (type === "float16" && data instanceof Uint16Array) return Float32Array.from(data, halfToFloat);
  if (ArrayBuffer.isView(data) && !(data instanceof BigInt64Array) && !(data instanceof BigUint64Array))
    return Float32Array.from(data as unknown as ArrayLike<number>);
  throw new UnusableModel(`The model gives values of the type ${type}, which are no embedding.`);
}

/** IEEE 754 half precision. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
