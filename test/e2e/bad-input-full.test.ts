// The browser's storage runs full, in the middle of an import and while labelling: the person is told, what was
// there before stays, and once there is room again the work goes on.

import type { CDPSession, Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import {
  addFiles,
  answer,
  createProject,
  waitForIdle,
  waitForImport,
  waitForQuestion,
} from "./support/steps";
import { makeFolder } from "./support/folder";
import { noisyPng } from "./support/pictures";
import { stored } from "./support/stored";

const full =
  "The browser's storage is full. Everything stored so far is safe. Free some disk space or delete a project you have exported, then try again.";

let app: ServedApp;
let browser: OpenBrowser;
let page: Page;
let devTools: CDPSession | null;

beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  browser = await openBrowser({ url: app.url });
  page = browser.page;
  devTools = null;
});
afterEach(() => browser.close());

/** Gives the app this much room in all; without a number as much as the disk has. */
async function setRoom(quotaSize?: number): Promise<void> {
  // The override ends with its session.
  devTools ??= await page.context().newCDPSession(page);
  const { origin } = new URL(app.url);
  await devTools.send("Storage.overrideQuotaForOrigin", {
    origin,
    ...(quotaSize === undefined ? {} : { quotaSize }),
  });
}

function noise(name: string, count: number): string {
  return makeFolder(
    name,
    Array.from({ length: count }, (_, number) => [`${number}.png`, noisyPng(250)] as const),
  );
}

async function expectFull(): Promise<void> {
  await page.getByText("The import ended early").waitFor();
  await page.getByText(full).first().waitFor();
  await waitForImport(page);
}

test("storage full in the middle of an import, then while labelling, then room again", async () => {
  // Before anything is written: the browser remembers for half a minute how much room it found.
  await setRoom(40_000_000);
  await createProject(page, { name: "Noise", classes: ["loud", "quiet"] });
  await addFiles(page, noise("first", 40));
  await page.getByText("40 added", { exact: true }).waitFor();
  await waitForIdle(page);
  for (const key of ["1", "2", "1"]) await answer(page, key);
  expect(await stored(page)).toMatchObject({ items: 40, contents: 40, events: 3 });

  const second = noise("second", 200);
  await addFiles(page, second);
  await expectFull();
  const { items, contents, events } = await stored(page);
  expect(items).toBeGreaterThan(40);
  expect(items).toBeLessThan(240);
  expect({ contents, events }).toEqual({ contents: items, events: 3 });
  // The account of an import that could not even store its account.
  await page.getByText(`${items - 40} added · stopped before the end`, { exact: true }).waitFor();

  // A write too large for what the browser remembers makes it look again: from here on there is no room at all.
  await setRoom(1);
  await page.getByRole("button", { name: "Dismiss" }).click();
  await addFiles(page, noise("third", 40));
  await expectFull();
  expect(await stored(page)).toMatchObject({ items, contents: items });

  const asked = await waitForQuestion(page);
  await page.keyboard.press("1");
  await page.getByText("The last answer was not saved").waitFor();
  await page.getByText(full).first().waitFor();
  expect(await waitForQuestion(page)).toBe(asked);
  expect(await stored(page)).toMatchObject({ items, events: 3 });

  await page.reload();
  await page.getByText(`of ${items} answered`).waitFor();
  expect(await page.locator("main").innerText()).toContain(`3 of ${items} answered`);
  await setRoom();
  await answer(page, "1");
  expect(await page.getByText("The last answer was not saved").count()).toBe(0);
  await addFiles(page, second);
  await page.getByText(`${240 - items} added · ${items - 40} duplicates`, { exact: true }).waitFor();
  await waitForIdle(page);
  expect(await stored(page)).toMatchObject({ items: 240, contents: 240, embedded: 240, events: 4 });
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});
