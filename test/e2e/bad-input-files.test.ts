// Image files and folders that go wrong: each is named with a sentence, the good ones beside it go in, and all
// of it is still there after a reload.

import { BlobWriter, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js";
import type { Page } from "playwright";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { dropOnto, makeFolder } from "./support/folder";
import { hugePng, jpeg, png } from "./support/pictures";
import { addFiles, createProject, waitForIdle, waitForImport } from "./support/steps";
import { stored } from "./support/stored";

let app: ServedApp;
let browser: OpenBrowser;
let page: Page;

beforeAll(async () => {
  app = await serveApp();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await app.close();
});
beforeEach(async () => {
  page = await browser.visitAnew(app.url);
  await createProject(page, { name: "Parts", classes: ["good", "bad"] });
});
afterEach(() => {
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});

/** The notes of the newest import, as they are on the page. */
async function notes(): Promise<string[]> {
  const list = page.getByRole("list", { name: /^Notes on/ }).first();
  await list.waitFor();
  return list.getByRole("listitem").allInnerTexts();
}

async function zipOf(files: Record<string, Buffer>): Promise<Buffer> {
  const zip = new ZipWriter(new BlobWriter());
  for (const [path, bytes] of Object.entries(files)) await zip.add(path, new Uint8ArrayReader(bytes));
  return Buffer.from(await (await zip.close()).arrayBuffer());
}

test("an empty folder, dropped or chosen, is said to be empty", async () => {
  const folder = makeFolder("nothing here", []);
  await dropOnto(page, [folder]);
  const sentence = page.getByText(
    "There were no files in it. Choose a folder that holds images, or drop the files themselves.",
  );
  await sentence.waitFor();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await sentence.waitFor({ state: "detached" });
  await addFiles(page, folder);
  await sentence.waitFor();
  expect((await stored(page)).imports).toEqual([]);
});

test("a folder with no readable image says what was in it", async () => {
  const folder = makeFolder("papers", [
    ["one.txt", Buffer.from("brake pads\n")],
    ["two.txt", Buffer.from("brake discs\n")],
  ]);
  await addFiles(page, folder);
  await page
    .getByText(
      /^Nothing in “papers” can be used here\. papers\/(one|two)\.txt holds text, and this project is about images; it was left out\. \(1 more could not be used either\.\)$/,
    )
    .waitFor();
  expect((await stored(page)).items).toBe(0);
});

test("broken files are named one by one, and the good one among them goes in", async () => {
  const photo = await jpeg(page);
  await addFiles(page, [
    { name: "good.png", buffer: png(1) },
    { name: "cut.jpg", buffer: photo.subarray(0, photo.length / 2) },
    { name: "head.jpg", buffer: photo.subarray(0, 100) },
    { name: "empty.png", buffer: Buffer.alloc(0) },
    { name: "words.png", buffer: Buffer.from("these are only words\n") },
    { name: "huge.png", buffer: hugePng(20_000) },
  ]);
  await waitForImport(page);
  expect((await notes()).sort()).toEqual([
    "cut.jpg is damaged or cut off: the browser cannot decode it; it was left out. Copy it again from where it came.",
    "empty.png is empty (0 bytes); it was left out.",
    "head.jpg breaks off before its size is known (100 bytes); it was left out. Copy it again from where it came.",
    "huge.png has 20,000 × 20,000 pixels, more than the 100 megapixels a browser can hold; it was left out. Scale it down first.",
    "words.png holds text, not an image; it was left out.",
  ]);
  await page.getByText("1 added · 5 left out", { exact: true }).waitFor();
  await waitForIdle(page);
  expect(await stored(page)).toMatchObject({ items: 1, contents: 1, embedded: 1 });
  await page.reload();
  await page.getByText("1 item in this project.").waitFor();
  expect(await notes()).toHaveLength(5);
});

test("the same folder twice goes in once, and the second import says so", async () => {
  const folder = makeFolder(
    "photos",
    Array.from({ length: 40 }, (_, number) => [`${number}.png`, png(number)] as const),
  );
  await addFiles(page, folder);
  await page.getByText("40 added", { exact: true }).waitFor();
  await waitForIdle(page);
  await addFiles(page, folder);
  await page.getByText("0 added · 40 duplicates", { exact: true }).waitFor();
  await waitForIdle(page);
  expect(await stored(page)).toMatchObject({ items: 40, contents: 40, embedded: 40 });
  await page.reload();
  await page.getByText("40 items in this project.").waitFor();
});

test("two files with the same bytes go in once, and the note names both", async () => {
  await addFiles(page, [
    { name: "left.png", buffer: png(7) },
    { name: "copy of left.png", buffer: png(7) },
  ]);
  await page.getByText("1 added · 1 duplicate", { exact: true }).waitFor();
  expect(await notes()).toEqual(["copy of left.png is the same as left.png; it went in once."]);
});

test("a zip within a zip is named, and the images beside it go in", async () => {
  const inner = await zipOf({ "deep.png": png(2) });
  const outer = await zipOf({ "more/inner.zip": inner, "a.png": png(3), "b.png": png(4) });
  await addFiles(page, [{ name: "outer.zip", buffer: outer }]);
  await page.getByText("2 added · 1 left out", { exact: true }).waitFor();
  expect(await notes()).toEqual(["more/inner.zip is a zip inside a zip and is not opened; unpack it first."]);
  expect(await stored(page)).toMatchObject({ items: 2 });
});

test("a zip of nothing but a zip says so and adds nothing", async () => {
  const outer = await zipOf({ "inner.zip": await zipOf({ "deep.png": png(2) }) });
  await addFiles(page, [{ name: "outer.zip", buffer: outer }]);
  await page.getByText("inner.zip is a zip inside a zip and is not opened; unpack it first.").waitFor();
  expect((await stored(page)).items).toBe(0);
});

test("a damaged zip says what to do and does not keep out what was given beside it", async () => {
  const half = { name: "half.zip", buffer: (await zipOf({ "a.png": png(3) })).subarray(0, 60) };
  const note =
    "half.zip could not be opened. The file is not a zip archive, or it is damaged. Make it again, or import the folder.";
  await addFiles(page, [half]);
  await page.getByText(`Nothing in “half.zip” can be used here. ${note}`).waitFor();
  await addFiles(page, [half, { name: "whole.png", buffer: png(5) }]);
  await page.getByText("1 added · 1 left out", { exact: true }).waitFor();
  expect(await notes()).toEqual([note]);
  expect((await stored(page)).items).toBe(1);
});
