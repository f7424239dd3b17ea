// Time, memory and copy bandwidth of this process.

import { readFileSync, writeFileSync } from "node:fs";

export interface Measured {
  /** The fastest of the runs after the first: what others do on the machine only ever adds. */
  readonly ms: number;
  /** With everything that is made once and kept. */
  readonly firstMs: number;
  /** Least processor time of a run, all threads together: what to compare by while others use the machine. */
  readonly cpuMs: number;
  /** The most this process has held meanwhile, in MB; null where the system does not say. */
  readonly peakMb: number | null;
}

/** Runs are repeated up to five times while they take less than this in all. */
const enoughMs = 3000;

export async function measure(work: () => Promise<unknown>): Promise<Measured> {
  globalThis.gc?.();
  resetPeak();
  const times: number[] = [];
  let cpuMs = Infinity;
  const startedAt = performance.now();
  do {
    const before = process.cpuUsage();
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
    const { user, system } = process.cpuUsage(before);
    cpuMs = Math.min(cpuMs, (user + system) / 1000);
  } while (times.length < 6 && performance.now() - startedAt < enoughMs);
  const [firstMs, ...later] = times as [number, ...number[]];
  return { ms: Math.min(...(later.length > 0 ? later : [firstMs])), firstMs, cpuMs, peakMb: peakMb() };
}

/** GB a second, read and written, of copying what no cache holds. */
export function copyBandwidth(): number {
  const from = new Float64Array(2 ** 23).fill(1);
  const to = new Float64Array(2 ** 23);
  const times = Array.from({ length: 7 }, () => {
    const startedAt = performance.now();
    to.set(from);
    return performance.now() - startedAt;
  });
  return (2 * from.byteLength) / Math.min(...times) / 1e6;
}

function resetPeak(): void {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Not Linux: the peak is then not told at all.
  }
}

function peakMb(): number | null {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
    return found && Number(found[1]) / 1024;
  } catch {
    return null;
  }
}
