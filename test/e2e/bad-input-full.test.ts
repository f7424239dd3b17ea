// The browser's storage runs full, in the middle of an import and while labelling: the person is told, what was
// there before stays, and once there is room again the work goes on.

import { randomBytes } from "node:crypto";
import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, answer, createProject, waitForIdle, waitForQuestion, type GivenFile } from "./support/steps";
import { stored } from "./support/stored";

const full =
  "The browser's storage is full. Everything stored so far is safe. Free some disk space or delete a project you have exported, then try again.";

let app: ServedApp;
let browser: OpenBrowser;
let page: Page;

beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  browser = await openBrowser({ url: app.url });
  page = browser.page;
});
afterEach(() => browser.close());

/** Gives the app this much room in all; without a number as much as the disk has. */
async function setRoom(quotaSize?: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(app.url);
  await session.send("Storage.overrideQuotaForOrigin", {
    origin,
    ...(quotaSize === undefined ? {} : { quotaSize }),
  });
  await session.detach();
}

/** Texts that do not compress, so that they take the room they seem to take. */
function longTexts(name: string, count: number): GivenFile {
  const lines = Array.from({ length: count }, () => randomBytes(10_000).toString("base64"));
  return { name, buffer: Buffer.from(lines.join("\n")) };
}

async function addTexts(file: GivenFile): Promise<void> {
  await addFiles(page, [file]);
  await page.getByRole("button", { name: "Add these texts" }).click();
}

test("experiment", async () => {
  await createProject(page, { name: "Long", kind: "text", classes: ["one", "two"] });
  await setRoom(30_000_000);
  await addTexts(longTexts("first.txt", 200));
  await page.getByText("200 added", { exact: true }).waitFor();
  await waitForIdle(page);
  await answer(page, "1");
  await answer(page, "2");
  console.log(await page.evaluate(() => navigator.storage.estimate()));
  const before = await stored(page);
  await addTexts(longTexts("second.txt", 3000));
  await page.getByText(full).first().waitFor();
  await page.screenshot({ path: ".artifacts/full-import.png", fullPage: true });
  const after = await stored(page);
  console.log({ ...before, imports: 0 }, { ...after, imports: after.imports.map((i) => ({ ...i, problems: 0 })) });
  console.log(await page.evaluate(() => navigator.storage.estimate()));
  await setRoom(1);
  await waitForQuestion(page);
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("1");
    await page.waitForTimeout(300);
    console.log(i, (await stored(page)).events, await page.getByText("The last answer was not saved").count());
    if (await page.getByText("The last answer was not saved").count()) break;
  }
  await page.screenshot({ path: ".artifacts/full-label.png" });
  await setRoom();
  await page.keyboard.press("1");
  await page.waitForTimeout(1000);
  console.log((await stored(page)).events, await page.getByText("The last answer was not saved").count());
  browser.assertQuiet();
});
