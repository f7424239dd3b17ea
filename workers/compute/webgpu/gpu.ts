// One GPUDevice as the kernels use it: compiled kernels, buffers within its limits, and jobs one at a time, so
// that a job's error scopes see its own errors only. Needs nothing of the browser but the device.

import { TierFailed } from "../tier-failed";
import type { GpuDevice } from "../webgpu-device";
import { Job } from "./job";
import type { StopSignal } from "../../../src/core/errors";

/** WebGPU's flags by number: their names are globals that Node has only by courtesy. */
export const usage = { mapRead: 1, copySrc: 4, copyDst: 8, uniform: 64, storage: 128 } as const;
const computeStage = 4;

/** Bytes of parameters a dispatch may have; also what dynamic offsets must be multiples of at most. */
export const paramSlotBytes = 256;

export interface Binding {
  readonly name: string;
  /** Of one element of the array. */
  readonly type: string;
  readonly access: "read" | "read_write";
}

/** A compute shader but for its declarations, which are written from this. */
export interface KernelSource {
  /** Tells its text from every other: sizes baked into the text belong into it. */
  readonly name: string;
  /** Invocations in a workgroup, at most 256. */
  readonly lanes: number;
  readonly bindings: readonly Binding[];
  /** Names of u32 parameters, read as `params.name`. */
  readonly params: readonly string[];
  readonly helpers: string;
  /** Body of main, which sees `group` (number of the workgroup, uniform), `lane`, `params` and the bindings. */
  readonly main: string;
  readonly subgroups?: boolean;
}

export interface Kernel {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

export interface GpuOptions {
  /** How embeddings are held. Half unless the device lacks shader-f16, where it would be emulated. */
  readonly precision?: Precision;
  /** Whether to use subgroup operations; on where the device has them. */
  readonly subgroups?: boolean;
  /** The most a block of a matrix may take. Small ones serve tests. */
  readonly blockBytes?: number;
}

export type Precision = "half" | "single";

export class Gpu {
  readonly device: GPUDevice;
  readonly precision: Precision;
  readonly subgroups: boolean;
  /** The most that is bound as one piece: some adapters offer 128 MiB only. */
  readonly blockBytes: number;
  readonly maxGroups: number;
  /** Rejects when the device is lost, so that nothing waits for it for ever. */
  readonly lost: Promise<never>;
  readonly #gpu: GpuDevice;
  readonly #kernels = new Map<string, Promise<Kernel>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(gpu: GpuDevice, options: GpuOptions = {}) {
    const { device } = gpu;
    this.#gpu = gpu;
    this.device = device;
    this.precision = options.precision ?? (device.features.has("shader-f16") ? "half" : "single");
    this.subgroups = (options.subgroups ?? true) && device.features.has("subgroups");
    this.blockBytes = Math.min(
      options.blockBytes ?? 64 * 2 ** 20,
      device.limits.maxStorageBufferBindingSize,
      device.limits.maxBufferSize,
    );
    this.maxGroups = device.limits.maxComputeWorkgroupsPerDimension;
    this.lost = device.lost.then(({ reason, message }) => {
      throw new TierFailed("lost", sentence(`The graphics card was lost (${reason})`, message));
    });
    // Nobody may be waiting when it happens.
    this.lost.catch(() => undefined);
  }

  /**
   * Runs work alone on the device. Its result is given only if the device reports no error of any kind.
   * @throws TierFailed where the device failed; whatever the work throws otherwise.
   */
  job<Result>(stop: StopSignal | null, work: (job: Job) => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(() => this.#alone(stop, work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #alone<Result>(stop: StopSignal | null, work: (job: Job) => Promise<Result>): Promise<Result> {
    this.#throwIfFailed();
    const { device } = this;
    const filters = ["validation", "internal", "out-of-memory"] as const;
    for (const filter of filters) device.pushErrorScope(filter);
    const job = new Job(this, stop);
    const outcome = await Promise.race([
      work(job).then((result) => job.finish().then(() => result)),
      this.lost,
    ])
      .then((result) => ({ result }))
      .catch((error: unknown) => ({ error }));
    job.dispose();
    const scopes = filters.map(() => device.popErrorScope());
    const errors = await Promise.race([Promise.all(scopes), this.lost]);
    // The innermost scope is the one for memory.
    const [memory, internal, validation] = errors;
    if (memory) throw outOfMemory(memory.message);
    const wrong = internal ?? validation;
    if (wrong) throw new TierFailed("error", sentence("The graphics card reported an error", wrong.message));
    this.#throwIfFailed();
    if ("error" in outcome) throw outcome.error;
    return outcome.result;
  }

  #throwIfFailed(): void {
    const reason = this.#gpu.failure();
    if (reason) throw new TierFailed("error", sentence("The graphics card reported an error", reason));
  }

  /** @throws TierFailed where it exceeds what the device can hold in one piece. */
  buffer(bytes: number, flags: number): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    if (size > this.device.limits.maxBufferSize) throw outOfMemory(`${size} bytes in one buffer`);
    return this.device.createBuffer({ size, usage: flags });
  }

  kernel(source: KernelSource): Promise<Kernel> {
    const known = this.#kernels.get(source.name);
    if (known) return known;
    const compiled = this.#compile(source);
    this.#kernels.set(source.name, compiled);
    return compiled;
  }

  async #compile(source: KernelSource): Promise<Kernel> {
    const { device } = this;
    const layout = device.createBindGroupLayout({
      entries: [
        ...source.bindings.map(({ access }, binding) => ({
          binding,
          visibility: computeStage,
          buffer: { type: access === "read" ? ("read-only-storage" as const) : ("storage" as const) },
        })),
        {
          binding: source.bindings.length,
          visibility: computeStage,
          buffer: {
            type: "uniform",
            hasDynamicOffset: true,
            minBindingSize: Math.ceil(source.params.length / 4) * 16,
          },
        },
      ],
    });
    const pipeline = await device
      .createComputePipelineAsync({
        label: source.name,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module: device.createShaderModule({ label: source.name, code: textOf(source) }) },
      })
      .catch((error: unknown) => {
        throw new TierFailed("error", `The graphics card could not prepare ${source.name}: ${String(error)}`);
      });
    return { name: source.name, pipeline, layout };
  }

  dispose(): void {
    this.device.destroy();
  }
}

export function outOfMemory(detail: string): TierFailed {
  return new TierFailed("memory", sentence("The graphics card ran out of memory", detail));
}

function sentence(start: string, detail: string): string {
  const more = detail.trim().split("\n")[0]!.replace(/\.+$/, "");
  return more ? `${start}: ${more}.` : `${start}.`;
}

function textOf({ bindings, params, helpers, main, lanes, subgroups }: KernelSource): string {
  const padded = [...params];
  while (padded.length % 4 !== 0) padded.push(`unused${padded.length}`);
  return [
    subgroups ? "enable subgroups;" : "",
    `struct Params { ${padded.map((name) => `${name}: u32,`).join(" ")} }`,
    ...bindings.map(
      ({ name, type, access }, at) =>
        `@group(0) @binding(${at}) var<storage, ${access}> ${name}: array<${type}>;`,
    ),
    `@group(0) @binding(${bindings.length}) var<uniform> params: Params;`,
    helpers,
    `@compute @workgroup_size(${lanes})
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) lane: u32) {
  let group = workgroup.y * grid.x + workgroup.x;
${main}
}`,
  ].join("\n");
}
