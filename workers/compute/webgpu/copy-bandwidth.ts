// How fast the device copies its own memory: the yardstick for kernels that are bound by it.

import type { GpuDevice } from "../webgpu-device";
import { usage } from "./gpu";

/** A measurement this long drowns the cost of asking for it. */
const longEnoughMs = 40;

/**
 * @param bytes copied at a time.
 * @returns bytes read and written per second.
 */
export async function copyBandwidth(
  { device }: GpuDevice,
  bytes: number,
  now: () => number,
): Promise<number> {
  const flags = usage.copySrc | usage.copyDst;
  const [from, to] = [0, 1].map(() => device.createBuffer({ size: bytes, usage: flags }));
  const time = async (times: number): Promise<number> => {
    const encoder = device.createCommandEncoder();
    for (let turn = 0; turn < times; turn++) encoder.copyBufferToBuffer(from!, 0, to!, 0, bytes);
    const startedAt = now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return now() - startedAt;
  };
  try {
    // The first copy also clears the memory.
    await time(1);
    let times = 4;
    let tookMs = await time(times);
    while (tookMs < longEnoughMs && times < 4096) tookMs = await time((times *= 4));
    return (2 * bytes * times * 1000) / tookMs;
  } finally {
    from!.destroy();
    to!.destroy();
  }
}
