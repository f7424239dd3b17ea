// Measures, in the page, the time from a keypress to the frame in which another item has been painted.

import type { Page } from "playwright";

declare global {
  interface Window {
    paintTimesMs: number[];
  }
}

/** Call before the app is opened. */
export async function watchLatency(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.paintTimesMs = [];
    let pressedAt: number | null = null;
    let before: string | null = null;
    const shown = () => document.querySelector("[data-item]")?.getAttribute("data-item") ?? null;
    addEventListener(
      "keydown",
      (event) => {
        pressedAt = event.timeStamp;
        before = shown();
      },
      true,
    );
    new MutationObserver(() => {
      if (pressedAt === null || shown() === null || shown() === before) return;
      const from = pressedAt;
      pressedAt = null;
      // A task queued in a frame callback runs after that frame was painted.
      requestAnimationFrame(() => setTimeout(() => window.paintTimesMs.push(performance.now() - from)));
    }).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["data-item"],
    });
  });
}

export interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export async function readLatency(page: Page): Promise<Latency> {
  const times = (await page.evaluate(() => window.paintTimesMs)).sort((a, b) => a - b);
  const quantile = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN;
  return { count: times.length, p50Ms: quantile(0.5), p95Ms: quantile(0.95) };
}
