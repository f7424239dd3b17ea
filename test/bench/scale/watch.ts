// What a tab costs while it works: the memory of its process, its main thread's long tasks, the bytes it stores.

import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright";

declare global {
  interface Window {
    longTasksMs: number[];
  }
}

const sampleMs = 250;
const findMs = 5000;

export interface MemoryWatch {
  /** The most the tab has held since the last call, in MB: its own memory and what it shares with others. */
  takePeakMb(): number;
  close(): void;
}

/** Seconds of processor time that the browser of this profile has taken so far, its page, workers and storage. */
export function processorSeconds(profile: string): number {
  return processesOf(profile, "").reduce((sum, pid) => sum + ticksOf(pid) / ticksPerSecond, 0);
}

/** Fixed in Linux whatever the kernel's own clock is. */
const ticksPerSecond = 100;

function ticksOf(pid: number): number {
  try {
    // The name in brackets may hold spaces; user and system time are the 12th and 13th number after it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    // It ended between the list and the look.
    return 0;
  }
}

/** The renderer of this profile with the most memory is the tab: its page and all its workers. */
export function watchMemory(profile: string): MemoryWatch {
  let peakMb = 0;
  let renderers: number[] = [];
  const look = () => (renderers = processesOf(profile, "--type=renderer"));
  const timer = setInterval(() => {
    for (const pid of renderers) peakMb = Math.max(peakMb, memoryMb(pid));
  }, sampleMs);
  // Seldom: going over all processes of the machine costs a hundred times what a look at a few does.
  const finding = setInterval(look, findMs);
  return {
    takePeakMb() {
      look();
      const taken = peakMb;
      peakMb = 0;
      return taken;
    },
    close() {
      clearInterval(timer);
      clearInterval(finding);
    },
  };
}

function processesOf(profile: string, kind: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const started = commandOf(pid);
      return started.includes(kind) && started.includes(profile);
    })
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It ended between the list and the look.
    return "";
  }
}

/** Memory of its own and shared memory; program text and mapped files are the browser's. */
function memoryMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
    return (kb("RssAnon") + kb("RssShmem")) / 1024;
  } catch {
    // It ended between the list and the look.
    return 0;
  }
}

/** Call before the app is opened. */
export async function watchTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.longTasksMs = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longTasksMs.push(duration);
    }).observe({ type: "longtask", buffered: true });
  });
}

/** Tasks of 50 ms or more since the last call, longest first. */
export async function takeLongTasks(page: Page): Promise<number[]> {
  const tasks = await page.evaluate(() => window.longTasksMs.splice(0));
  return tasks.sort((a, b) => b - a);
}

export async function storedBytes(page: Page): Promise<number> {
  return page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
}
