// The label screen on a desk and in a hand, in light and dark: nothing scrolls sideways, all classes can be
// pressed without scrolling, the item has room, and on the desk the reason it was asked is in view.

import { readFileSync } from "node:fs";
import Papa from "papaparse";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSurfaceSample } from "../encoders/surface-sample";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import {
  addFiles,
  answer,
  createProject,
  waitForIdle,
  waitForQuestion,
  type GivenFile,
} from "./support/steps";

const classes = ["good", "scratch", "dent", "stain", "discoloured edge", "part missing altogether"];
const desk = { width: 1280, height: 850 };
const hand = { width: 390, height: 844 };

let app: ServedApp;
let browser: OpenBrowser;

beforeAll(async () => {
  app = await serveApp();
  browser = await openBrowser({ viewport: desk });
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** What of an element a person sees: its box cut by everything around it that scrolls or clips. */
function seen(page: Page, selector: string): Promise<Box[]> {
  return page.evaluate((wanted) => {
    return [...document.querySelectorAll(wanted)].map((element) => {
      let { top, bottom, left, right } = element.getBoundingClientRect();
      const whole = { top, bottom, left, right };
      for (let around = element.parentElement; around; around = around.parentElement) {
        if (getComputedStyle(around).overflow === "visible") continue;
        const frame = around.getBoundingClientRect();
        top = Math.max(top, frame.top);
        bottom = Math.min(bottom, frame.bottom);
        left = Math.max(left, frame.left);
        right = Math.min(right, frame.right);
      }
      const cut = Math.max(top - whole.top, whole.bottom - bottom, left - whole.left, whole.right - right);
      return cut > 1 ? { top: NaN, bottom: NaN, left: NaN, right: NaN } : whole;
    });
  }, selector);
}

async function expectInView(page: Page, selector: string, count: number): Promise<void> {
  const { width, height } = page.viewportSize()!;
  const boxes = await seen(page, selector);
  expect(boxes, selector).toHaveLength(count);
  for (const box of boxes) {
    expect(box.top, `${selector} is cut off`).toBeGreaterThanOrEqual(0);
    expect(box.bottom, `${selector} is cut off`).toBeLessThanOrEqual(height);
    expect(box.left, `${selector} is cut off`).toBeGreaterThanOrEqual(0);
    expect(box.right, `${selector} is cut off`).toBeLessThanOrEqual(width);
  }
}

async function expectGoodLayout(page: Page): Promise<void> {
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
  await expectInView(page, "aside button.class", classes.length);
  const { width } = page.viewportSize()!;
  if (width >= desk.width) await expectInView(page, "section.item footer .why", 1);
  const [item] = await seen(page, "[data-item]");
  expect(item!.bottom - item!.top).toBeGreaterThanOrEqual(width >= desk.width ? 240 : 180);
}

/** Some of the samples: how many there are changes nothing on this screen. */
const few = 40;

async function someOf(kind: "image" | "text"): Promise<GivenFile[]> {
  if (kind === "image")
    return (await readSurfaceSample())
      .slice(0, few)
      .map(({ input }, at) => ({ name: `${at}.webp`, buffer: Buffer.from(input) }));
  const { data } = Papa.parse<object>(readFileSync("public/samples/tickets/tickets.csv", "utf8"), {
    header: true,
    preview: few,
  });
  return [{ name: "tickets.csv", buffer: Buffer.from(Papa.unparse(data)) }];
}

test.each(["image", "text"] as const)("%s", async (kind) => {
  const page = await browser.visitAnew(app.url);
  await page.setViewportSize(desk);
  await createProject(page, {
    name: "Brake pads, spring 2026",
    kind,
    classes,
    guidelines: "Look at the edge.",
  });
  await addFiles(page, await someOf(kind));
  const add = page.getByRole("button", { name: "Add these texts" });
  if (kind === "text") await add.click();
  await page.getByText(/^\d+ added/).waitFor();
  await waitForIdle(page);
  await waitForQuestion(page);
  // Enough answers for guesses with their probabilities, a strip, and a number a minute.
  for (const key of ["1", "2", "3", "4", "5", "6", "1", "2"]) await answer(page, key);
  await waitForIdle(page);
  // What is in view stays as it came up, perhaps before there was a model.
  while ((await page.locator(".share").count()) === 0) await answer(page, "3");
  for (const [name, viewport] of Object.entries({ desk, hand })) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({
        path: `.artifacts/label-${kind}-${colorScheme}-${name}.png`,
        animations: "disabled",
      });
      await expectGoodLayout(page);
    }
  }
  browser.assertQuiet();
});
