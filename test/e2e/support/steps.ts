// What a person does again and again: make a project, add files, go to a screen, answer, wait until the
// machine is done.

import type { Page } from "playwright";
import { expect } from "vitest";
import { stored } from "./stored";

export type Screen = "Label" | "Items" | "Train" | "Predict" | "Export" | "Settings";

export interface ProjectWish {
  readonly name: string;
  readonly kind?: "image" | "text";
  readonly answerMode?: "single" | "multiple";
  readonly classes?: readonly (string | { readonly name: string; readonly definition: string })[];
  readonly guidelines?: string;
  /** Target in per cent. */
  readonly plan?: { readonly budget: number; readonly target: number; readonly price: number };
}

/** Makes the project through the form; ends on its import screen. Returns its id. */
export async function createProject(page: Page, wish: ProjectWish): Promise<string> {
  await page.evaluate(() => (location.hash = "#/new"));
  await page.getByLabel("Name", { exact: true }).fill(wish.name);
  await page.getByRole("radio", { name: wish.kind === "text" ? "Texts" : "Images" }).check();
  await page
    .getByRole("radio", { name: wish.answerMode === "multiple" ? "Several, or none" : "Exactly one" })
    .check();
  for (const [place, wished] of (wish.classes ?? []).entries()) {
    const one = typeof wished === "string" ? { name: wished, definition: "" } : wished;
    const name = page.getByLabel(`Name of class ${place + 1}`, { exact: true });
    if (place >= 2) await page.getByRole("button", { name: "Add a class" }).click();
    await name.fill(one.name);
    if (one.definition)
      await page.getByLabel(`Definition of ${one.name}`, { exact: true }).fill(one.definition);
  }
  if (wish.guidelines) await page.getByRole("textbox", { name: /^Guidelines/ }).fill(wish.guidelines);
  if (wish.plan) {
    await page.getByLabel("Labels planned").fill(String(wish.plan.budget));
    await page.getByLabel("Target accuracy, in per cent").fill(String(wish.plan.target));
    await page.getByLabel(/^Price of one label/).fill(String(wish.plan.price));
  }
  await page.getByRole("button", { name: "Create and add items" }).click();
  await page.waitForURL(/#\/project\/[^/]+\/items$/);
  await dropZone(page).waitFor();
  return decodeURIComponent(/#\/project\/([^/]+)/.exec(page.url())![1]!);
}

export async function goTo(page: Page, screen: Screen): Promise<void> {
  const link = page
    .getByRole("navigation", { name: "Project" })
    .getByRole("link", { name: screen, exact: true });
  await link.click();
  await page.waitForFunction((href) => location.hash === href, (await link.getAttribute("href"))!);
}

export interface GivenFile {
  readonly name: string;
  readonly mimeType?: string;
  readonly buffer: Buffer;
}

/** Gives files, or the folder of that path, to the import screen; goes there first. Does not wait for them. */
export async function addFiles(page: Page, given: string | readonly GivenFile[]): Promise<void> {
  if (!page.url().endsWith("/items")) await goTo(page, "Items");
  await dropZone(page).waitFor();
  if (typeof given === "string") await page.locator('input[aria-label="Folder"]').setInputFiles(given);
  else
    await page
      .locator('input[aria-label="Files"]')
      .setInputFiles(given.map((one) => ({ mimeType: "application/octet-stream", ...one })));
}

/** The place where files are given; it is there only while no import is being looked at, reviewed or run. */
export function dropZone(page: Page) {
  return page.getByRole("group", { name: /^Drop (images|a file)/ });
}

/** Waits until the import under way is over, however it ended. */
export async function waitForImport(page: Page, timeout = 120_000): Promise<void> {
  await dropZone(page).waitFor({ timeout });
}

/**
 * Waits until nothing is imported, embedded or learnt any more. On the import or the label screen. The limit is
 * for what hangs; a busy machine takes a minute for 500 images.
 */
export async function waitForIdle(page: Page, timeout = 180_000): Promise<void> {
  await expect
    .poll(
      async () => {
        const { items, embedded } = await stored(page);
        const busy = await page.locator('[role="progressbar"], [role="status"] .spinner').count();
        return busy === 0 && embedded >= items ? "idle" : `busy: ${embedded} of ${items}`;
      },
      { timeout, interval: 100 },
    )
    .toBe("idle");
}

/** Waits until there is a question on the label screen, goes there first. Returns the item asked about. */
export async function waitForQuestion(page: Page): Promise<string> {
  if (!page.url().endsWith("/label")) await goTo(page, "Label");
  return (await page.locator("[data-item]").first().getAttribute("data-item"))!;
}

/** Presses a key that answers, and waits until the answer is stored and another item, or the end, is shown. */
export async function answer(page: Page, ...keys: readonly string[]): Promise<void> {
  const before = await waitForQuestion(page);
  const { events } = await stored(page);
  for (const key of keys) await page.keyboard.press(key);
  await expect.poll(async () => (await stored(page)).events).toBe(events + 1);
  await page.waitForFunction(
    (shown) => document.querySelector("[data-item]")?.getAttribute("data-item") !== shown,
    before,
  );
}
