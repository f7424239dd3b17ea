// A tab that dies in the middle of an import: on reopening the app says where it stopped, and choosing the same
// folder again goes on without what is stored already.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { makeFolder } from "./support/folder";
import { killBrowser } from "./support/kill";
import { png } from "./support/pictures";
import { addFiles, createProject, goTo, waitForIdle } from "./support/steps";
import { stored } from "./support/stored";

let app: ServedApp;
let browser: OpenBrowser;
const profile = mkdtempSync(join(tmpdir(), "askwell-profile-"));

beforeAll(async () => {
  app = await serveApp();
});
afterEach(() => browser.close());
afterAll(async () => {
  await app.close();
  rmSync(profile, { recursive: true, force: true });
});

test("an import that was cut short is offered again and goes on", async () => {
  const folder = makeFolder(
    "holiday",
    Array.from({ length: 100 }, (_, number) => [`${number}.png`, png(number * 997)] as const),
  );
  browser = await openBrowser({ profile });
  // Holds the import after three batches, so that the browser always dies in the middle of it.
  await browser.page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    let batches = 0;
    Worker.prototype.postMessage = function (this: Worker, ...args: [unknown, never]) {
      const [path] = (args[0] as { path?: readonly string[] }).path ?? [];
      if (path === "importImages" && ++batches > 3) return;
      postMessage.apply(this, args);
    };
  });
  await browser.page.goto(app.url);
  await createProject(browser.page, { name: "Photos", classes: ["sea", "land"] });
  await addFiles(browser.page, folder);
  await expect.poll(async () => (await stored(browser.page)).items, { timeout: 60_000 }).toBe(48);
  killBrowser(profile);
  await browser.close().catch(() => undefined);

  browser = await openBrowser({ profile, url: app.url });
  const { page } = browser;
  await page.getByRole("link", { name: /Photos/ }).click();
  await goTo(page, "Items");
  await page.getByText(/^Import of holiday stopped at \d+ of 100$/).waitFor();
  await addFiles(page, folder);
  await page.getByText("52 added · 48 duplicates", { exact: true }).waitFor();
  await waitForIdle(page);
  expect(await page.getByText(/^Import of holiday stopped/).count()).toBe(0);
  const { items, contents, imports } = await stored(page);
  expect({ items, contents }).toEqual({ items: 100, contents: 100 });
  // What went in before is no news: it is not listed file by file.
  expect(imports.at(-1)!.problems).toEqual([]);
  browser.assertQuiet();
});
