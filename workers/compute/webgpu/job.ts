// One job on the GPU: records dispatches, submits them in pieces short enough for the watchdog, and reads back
// all that was asked for together. Its buffers go with it.

import { throwIfStopped, type StopSignal } from "../../../src/core/errors";
import { nextTask } from "../../serve";
import { paramSlotBytes, usage, type Gpu, type Kernel } from "./gpu";

/** A GPU this slow must still be done with a submit well under 50 ms: browsers kill long ones. */
const slowBytesPerSecond = 20e9;
const slowFlopsPerSecond = 100e9;
const submitSeconds = 0.02;
/** The most arithmetic one dispatch may hold. */
export const dispatchFlops = slowFlopsPerSecond * submitSeconds;
const slots = 256;
/** Enough to keep the GPU busy; more would make a stop wait. */
const submitsInFlight = 6;
/** Read-backs wait in this much memory before they are fetched together. */
const readBackBytes = 64 * 2 ** 20;

export interface Bound {
  readonly kernel: Kernel;
  readonly group: GPUBindGroup;
}

export type Bindable =
  GPUBuffer | { readonly buffer: GPUBuffer; readonly offset: number; readonly size: number };

export interface Cost {
  readonly bytes?: number;
  readonly flops?: number;
}

export class Job {
  readonly #gpu: Gpu;
  readonly #stop: StopSignal | null;
  readonly #buffers: GPUBuffer[] = [];
  readonly #params: GPUBuffer;
  readonly #values = new Uint32Array((slots * paramSlotBytes) / 4);
  readonly #flying: Promise<unknown>[] = [];
  #readings: { readonly staging: GPUBuffer; readonly bytes: number; readonly into: Uint8Array }[] = [];
  #pendingBytes = 0;
  #used = 0;
  #seconds = 0;
  #encoder: GPUCommandEncoder | null = null;
  #pass: GPUComputePassEncoder | null = null;

  constructor(gpu: Gpu, stop: StopSignal | null) {
    this.#gpu = gpu;
    this.#stop = stop;
    this.#params = this.buffer(slots * paramSlotBytes, usage.uniform | usage.copyDst);
  }

  /** A buffer of zeros that lives as long as the job. */
  buffer(bytes: number, flags: number = usage.storage | usage.copySrc | usage.copyDst): GPUBuffer {
    const made = this.#gpu.buffer(bytes, flags);
    this.#buffers.push(made);
    return made;
  }

  /** A buffer of these values that lives as long as the job. */
  filled(values: Float32Array | Uint32Array): GPUBuffer {
    const made = this.buffer(values.byteLength);
    this.write(made, values);
    return made;
  }

  /** Ordered with the submits: what was recorded so far must have been flushed if it reads the buffer. */
  write(buffer: GPUBuffer, values: Float32Array | Uint32Array, offset = 0): void {
    this.#gpu.device.queue.writeBuffer(buffer, offset, values as GPUAllowSharedBufferSource);
  }

  bind(kernel: Kernel, resources: readonly Bindable[]): Bound {
    const group = this.#gpu.device.createBindGroup({
      layout: kernel.layout,
      entries: [
        ...resources.map((resource, binding) => ({
          binding,
          resource: "buffer" in resource ? resource : { buffer: resource },
        })),
        { binding: resources.length, resource: { buffer: this.#params, size: paramSlotBytes } },
      ],
    });
    return { kernel, group };
  }

  /** @param params in the order of the kernel's; see `floatBits` for fractions. */
  async run(bound: Bound, params: readonly number[], groups: number, cost: Cost = {}): Promise<void> {
    if (groups === 0) return;
    const seconds = (cost.bytes ?? 0) / slowBytesPerSecond + (cost.flops ?? 0) / slowFlopsPerSecond;
    if (this.#used === slots || (this.#used > 0 && this.#seconds + seconds > submitSeconds))
      await this.flush();
    this.#values.set(params, (this.#used * paramSlotBytes) / 4);
    const width = Math.min(groups, this.#gpu.maxGroups);
    this.#pass ??= this.#commands().beginComputePass();
    this.#pass.setPipeline(bound.kernel.pipeline);
    this.#pass.setBindGroup(0, bound.group, [this.#used * paramSlotBytes]);
    this.#pass.dispatchWorkgroups(width, Math.ceil(groups / width));
    this.#used += 1;
    this.#seconds += seconds;
  }

  copy(from: GPUBuffer, to: GPUBuffer, bytes: number): void {
    this.#endPass();
    this.#commands().copyBufferToBuffer(from, 0, to, 0, bytes);
    this.#seconds += (2 * bytes) / slowBytesPerSecond;
  }

  /** Sees to it that `into` holds what the buffer holds now, at the latest when `fetched` or the job is done. */
  async read(buffer: GPUBuffer, into: Float32Array | Uint32Array, offset = 0): Promise<void> {
    const bytes = into.byteLength;
    if (bytes === 0) return;
    if (this.#pendingBytes > 0 && this.#pendingBytes + bytes > readBackBytes) await this.fetched();
    const staging = this.buffer(bytes, usage.mapRead | usage.copyDst);
    this.#endPass();
    this.#commands().copyBufferToBuffer(buffer, offset, staging, 0, bytes);
    this.#readings.push({ staging, bytes, into: new Uint8Array(into.buffer, into.byteOffset, bytes) });
    this.#pendingBytes += bytes;
  }

  /** Waits until everything asked for is here. */
  async fetched(): Promise<void> {
    await this.flush();
    const readings = this.#readings;
    this.#readings = [];
    this.#pendingBytes = 0;
    await Promise.race([
      Promise.all(readings.map(({ staging, bytes }) => staging.mapAsync(1, 0, bytes))),
      this.#gpu.lost,
    ]);
    for (const { staging, bytes, into } of readings) {
      into.set(new Uint8Array(staging.getMappedRange(0, bytes)));
      staging.destroy();
    }
    this.#flying.length = 0;
  }

  /** Submits what is recorded, lets messages in, and stops if told to. */
  async flush(): Promise<void> {
    this.#endPass();
    if (this.#encoder) {
      const { queue } = this.#gpu.device;
      if (this.#used > 0) {
        const words = (this.#used * paramSlotBytes) / 4;
        queue.writeBuffer(this.#params, 0, this.#values, 0, words);
      }
      queue.submit([this.#encoder.finish()]);
      this.#encoder = null;
      this.#used = 0;
      this.#seconds = 0;
      this.#flying.push(queue.onSubmittedWorkDone());
      await nextTask();
    }
    if (this.#flying.length > submitsInFlight) await Promise.race([this.#flying.shift(), this.#gpu.lost]);
    throwIfStopped(this.#stop);
  }

  /** Ends with all work done, so that errors of it are known. */
  async finish(): Promise<void> {
    if (this.#readings.length > 0) return this.fetched();
    await this.flush();
    await Promise.race([Promise.all(this.#flying), this.#gpu.lost]);
  }

  dispose(): void {
    this.#encoder = null;
    for (const buffer of this.#buffers) buffer.destroy();
  }

  #commands(): GPUCommandEncoder {
    return (this.#encoder ??= this.#gpu.device.createCommandEncoder());
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = null;
  }
}

const bits = new DataView(new ArrayBuffer(4));

/** A float32 as the u32 parameter it travels as. */
export function floatBits(value: number): number {
  bits.setFloat32(0, value);
  return bits.getUint32(0);
}
