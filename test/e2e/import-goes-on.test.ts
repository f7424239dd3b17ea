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

/** Holds the import after three batches, so that the tab always dies in the middle of it. Runs in the page. */
function holdAfterThree(): void {
  if (sessionStorage.getItem("let go")) return;
  const { postMessage } = Worker.prototype;
  let batches = 0;
  Worker.prototype.postMessage = function (this: Worker, ...args: [unknown, never]) {
    const [method] = (args[0] as { path?: readonly string[] }).path ?? [];
    if (method === "importImages" && ++batches > 3) return;
    postMessage.apply(this, args);
  };
}

test("an import that was cut short is offered again and goes on", async () => {
  const folder = makeFolder(
    "holiday",
    Array.from({ length: 100 }, (_, number) => [`${number}.png`, png(number * 997)] as const),
  );
  browser = await openBrowser({ profile });
  await browser.page.addInitScript(holdAfterThree);
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

test("a folder the browser remembers goes on with one click", async () => {
  browser = await openBrowser();
  const { page } = browser;
  await page.addInitScript(holdAfterThree);
  // The picker is the browser's own window; the private file system gives the same kind of handle.
  await page.addInitScript(() => {
    const pick = async () => (await navigator.storage.getDirectory()).getDirectoryHandle("album");
    Object.assign(window, { showDirectoryPicker: pick });
  });
  await page.goto(app.url);
  const pictures = Array.from({ length: 60 }, (_, number) => [...png(number * 991)]);
  await page.evaluate(async (files) => {
    const folder = await (
      await navigator.storage.getDirectory()
    ).getDirectoryHandle("album", { create: true });
    for (const [number, bytes] of files.entries()) {
      const writing = await (await folder.getFileHandle(`${number}.png`, { create: true })).createWritable();
      await writing.write(Uint8Array.from(bytes));
      await writing.close();
    }
  }, pictures);
  await createProject(page, { name: "Album", classes: ["sea", "land"] });
  await page.getByRole("button", { name: "Choose a folder the browser remembers" }).click();
  await expect.poll(async () => (await stored(page)).items, { timeout: 60_000 }).toBe(48);
  await page.evaluate(() => sessionStorage.setItem("let go", "yes"));
  await page.reload();
  await page.getByText(/^Import of album stopped at \d+ of 60$/).waitFor();
  await page.getByRole("button", { name: "Go on", exact: true }).click();
  await page.getByText("12 added · 48 duplicates", { exact: true }).waitFor();
  await waitForIdle(page);
  expect((await stored(page)).items).toBe(60);
  browser.assertQuiet();
});
