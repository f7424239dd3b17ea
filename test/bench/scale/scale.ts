// The scale benchmark: takes generated images and texts through the built app in a real Chromium (import,
// embed, label, export) and says what each step cost the person's machine.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { openBrowser, serveApp, type OpenBrowser } from "../../e2e/support/app";
import { readLatency, watchLatency, type Latency } from "../../e2e/support/latency";
import { makeImages, makeTexts } from "./inputs";
import {
  processorSeconds,
  storedBytes,
  takeLongTasks,
  watchMemory,
  watchTasks,
  type MemoryWatch,
} from "./watch";
import {
  answerItems,
  exportLabels,
  importImages,
  importTexts,
  makeProject,
  reopen,
  waitForEmbeddings,
} from "./steps";

export interface ScaleOptions {
  readonly images: number;
  readonly texts: number;
  readonly labels: number;
  /** Where generated files and the browser's profile go. */
  readonly root: string;
  readonly say: (line: string) => void;
}

export interface ScaleResult {
  readonly kind: "images" | "texts";
  readonly step: "import" | "embed" | "open" | "label" | "export";
  readonly items: number;
  readonly seconds: number;
  /** Processor time of the whole browser: what the step costs, also on a machine that others use. */
  readonly processorSeconds: number;
  readonly itemsPerSecond: number;
  readonly peakMb: number;
  /** Main-thread tasks of 50 ms or more. */
  readonly longTasks: number;
  /** 0 where none took 50 ms. */
  readonly longestTaskMs: number;
  readonly storedMb: number;
  /** Keypress to next item painted, where items were labelled. */
  readonly latency: Latency | null;
}

export async function scale(options: ScaleOptions): Promise<ScaleResult[]> {
  const { images, texts, root } = options;
  const results: ScaleResult[] = [];
  if (images > 0) results.push(...(await run("images", images, makeImages(root, images), options)));
  if (texts > 0) results.push(...(await run("texts", texts, await makeTexts(root, texts), options)));
  return results;
}

async function run(
  kind: ScaleResult["kind"],
  items: number,
  source: string,
  { root, labels, say }: ScaleOptions,
): Promise<ScaleResult[]> {
  const profile = mkdtempSync(join(root, "profile-"));
  const app = await serveApp();
  const browser = await openBrowser({ profile });
  const memory = watchMemory(profile);
  const results: ScaleResult[] = [];
  const { page } = browser;
  const take = async (step: ScaleResult["step"], work: () => Promise<number>) => {
    results.push(await measureStep(kind, step, items, { page, profile, memory, work }));
    say(describe(results.at(-1)!));
  };
  try {
    await watchTasks(page);
    await watchLatency(page);
    await page.goto(app.url);
    await makeProject(page, kind);
    await take("import", async () => {
      if (kind === "images") await importImages(page, source);
      else await importTexts(page, source);
      await page.getByText(`${items.toLocaleString("en")} added`, { exact: true }).waitFor({ timeout: 0 });
      return items;
    });
    await take("embed", async () => waitForEmbeddings(page, items));
    await take("open", async () => reopen(page, items));
    await take("label", async () => answerItems(page, labels));
    await take("export", async () => {
      const path = await exportLabels(page);
      say(`exported ${(statSync(path).size / 1e6).toFixed(1)} MB`);
      return items;
    });
  } finally {
    memory.close();
    await close(browser, app, profile);
  }
  return results;
}

async function close(browser: OpenBrowser, app: { close(): Promise<void> }, profile: string): Promise<void> {
  await browser.close();
  await app.close();
  rmSync(profile, { recursive: true, force: true });
}

interface Work {
  readonly page: Page;
  readonly profile: string;
  readonly memory: MemoryWatch;
  /** Returns how many items it was about. */
  readonly work: () => Promise<number>;
}

async function measureStep(
  kind: ScaleResult["kind"],
  step: ScaleResult["step"],
  items: number,
  { page, profile, memory, work }: Work,
): Promise<ScaleResult> {
  await takeLongTasks(page);
  memory.takePeakMb();
  const startedAt = performance.now();
  const before = processorSeconds(profile);
  const done = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const tasks = await takeLongTasks(page);
  const storedMb = (await storedBytes(page)) / 1e6;
  return {
    kind,
    step,
    items,
    seconds,
    processorSeconds: Math.max(0, processorSeconds(profile) - before),
    itemsPerSecond: done / seconds,
    peakMb: memory.takePeakMb(),
    longTasks: tasks.length,
    longestTaskMs: tasks[0] ?? 0,
    storedMb,
    latency: step === "label" ? await readLatency(page) : null,
  };
}

function describe(result: ScaleResult): string {
  const { kind, step, items, seconds, itemsPerSecond, peakMb, longTasks, longestTaskMs, latency } = result;
  const tasks =
    longTasks > 0 ? `${longTasks} long tasks, longest ${longestTaskMs.toFixed(0)} ms` : "no long task";
  const keys = latency
    ? `, keypress to paint p50 ${latency.p50Ms.toFixed(0)} ms, p95 ${latency.p95Ms.toFixed(0)} ms`
    : "";
  return `${items} ${kind}, ${step}: ${seconds.toFixed(1)} s (${result.processorSeconds.toFixed(1)} s of processor), ${itemsPerSecond.toFixed(0)} a second, peak ${peakMb.toFixed(0)} MB, ${tasks}${keys}`;
}
