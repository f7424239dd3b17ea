// A folder used without copying it: nothing of its files is stored but thumbnails, the next visit asks for leave to
// read it, and files that went away or were changed are named.

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { noisyPng } from "./support/pictures";
import { createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { stored } from "./support/stored";

let app: ServedApp;
let browser: OpenBrowser;

beforeAll(async () => {
  app = await serveApp();
});
afterEach(() => browser.close());
afterAll(() => app.close());

/**
 * The picker and the question for leave are the browser's own windows. The private file system gives the same kind
 * of handle; leave is withheld on the second visit until it is asked for. Runs in the page.
 */
function standIn(): void {
  const pick = async () => (await navigator.storage.getDirectory()).getDirectoryHandle("album");
  Object.assign(window, { showDirectoryPicker: pick });
  let allowed = sessionStorage.getItem("ask again") === null;
  const state = () => (allowed ? "granted" : "prompt");
  Object.assign(FileSystemDirectoryHandle.prototype, {
    queryPermission: async () => state(),
    requestPermission: async () => {
      allowed = true;
      return state();
    },
  });
  const { getFile } = FileSystemFileHandle.prototype;
  FileSystemFileHandle.prototype.getFile = async function (this: FileSystemFileHandle) {
    if (!allowed) throw new DOMException("Not allowed.", "NotAllowedError");
    return getFile.call(this);
  };
}

/** Bytes stored in place of files. */
function copiedBytes(page: OpenBrowser["page"]): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("askwell");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction("contents").objectStore("contents").getAll();
          all.onerror = () => reject(all.error);
          all.onsuccess = () => {
            opening.result.close();
            resolve(
              (all.result as { bytes?: ArrayBuffer }[]).reduce(
                (sum, { bytes }) => sum + (bytes?.byteLength ?? 0),
                0,
              ),
            );
          };
        };
      }),
  );
}

async function write(page: OpenBrowser["page"], name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    async ([name, bytes]) => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle("album", { create: true });
      const writing = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writing.write(Uint8Array.from(bytes));
      await writing.close();
    },
    [name, [...bytes]] as const,
  );
}

test("a folder is used where it is, asked about again, and its missing files are named", async () => {
  browser = await openBrowser();
  const { page } = browser;
  await page.addInitScript(standIn);
  await page.goto(app.url);
  for (let number = 0; number < 12; number++) await write(page, `${number}.png`, noisyPng(20 + number));
  await createProject(page, { name: "Album", classes: ["sea", "land"] });
  await page.getByRole("button", { name: "Use a folder without copying it" }).click();
  await page.getByText("12 added", { exact: true }).waitFor();
  await waitForIdle(page);
  expect(await stored(page)).toMatchObject({ items: 12, contents: 12, embedded: 12 });
  expect(await copiedBytes(page)).toBe(0);
  await page.getByRole("button", { name: "Check the files" }).click();
  await page.getByText("All 12 files are there, as they came in.").waitFor();
  await goTo(page, "Label");
  await waitForQuestion(page);

  await page.evaluate(() => sessionStorage.setItem("ask again", "yes"));
  await page.reload();
  await page.getByText("lies in a folder that the browser has not been allowed to read yet").waitFor();
  await page.getByRole("button", { name: "Allow reading" }).click();
  await waitForQuestion(page);
  expect(await page.getByRole("button", { name: "Allow reading" }).count()).toBe(0);

  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    await (await root.getDirectoryHandle("album")).removeEntry("3.png");
  });
  await write(page, "5.png", noisyPng(60));
  await goTo(page, "Items");
  await page.getByRole("button", { name: "Check the files" }).click();
  await page.getByText("1 file gone, 1 file changed since.").waitFor();
  await page.getByText("1 file gone", { exact: true }).click();
  await page.getByText("album/3.png", { exact: true }).waitFor();
  browser.assertQuiet();
});
