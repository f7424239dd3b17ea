// Two people, one project: saved as a bundle, opened by another person who goes on with the very same question,
// merged back, and decided where the two disagree. Bundles that are broken end in a sentence.

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { download } from "./support/exported";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { stored } from "./support/stored";
import { lastRoundLabels } from "./support/stored-rounds";

const texts = Array.from({ length: 60 }, (_, at) =>
  at % 2 ? `The printer on floor ${at} jams again` : `Please refund order number ${at}`,
);

const folder = mkdtempSync(join(tmpdir(), "askwell-bundle-"));
let app: ServedApp;
let ada: OpenBrowser;
let ben: OpenBrowser;
let whole: Buffer;
let answersByBen: Buffer;

async function openAs(name: string): Promise<OpenBrowser> {
  const browser = await openBrowser({ url: `${app.url}#/preferences` });
  await browser.page.getByLabel("Your name").fill(name);
  await browser.page.getByLabel("Your name").blur();
  await browser.page.getByRole("heading", { level: 1 }).waitFor();
  return browser;
}

async function save(page: Page, button: string): Promise<Buffer> {
  await goTo(page, "Export");
  const arriving = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = readFileSync(await (await arriving).path());
  await page.getByText(/^Saved .*\.askwell/).waitFor();
  return file;
}

const openBundle = (page: Page, buffer: Buffer) =>
  page
    .locator('input[aria-label="Bundle to open"]')
    .setInputFiles({ name: "work.askwell", mimeType: "application/zip", buffer });

const giveToMerge = (page: Page, buffer: Buffer) =>
  page
    .locator('input[aria-label="Bundle to merge"]')
    .setInputFiles({ name: "ben.askwell", mimeType: "application/zip", buffer });

beforeAll(async () => {
  app = await serveApp();
  ada = await openAs("Ada");
  ben = await openAs("Ben");
});

afterAll(async () => {
  await ada.close();
  await ben.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

it("saves a project with its answers and models in one file", async () => {
  const { page } = ada;
  await createProject(page, { name: "Tickets", kind: "text", classes: ["refund", "repair"] });
  const csv = `text\n${texts.join("\n")}\n`;
  await addFiles(page, [{ name: "tickets.csv", mimeType: "text/csv", buffer: Buffer.from(csv) }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("60 added", { exact: true }).waitFor();
  await waitForIdle(page);
  for (let turn = 0; turn < 10; turn++) await answer(page, turn % 2 ? "1" : "2");
  // Opened again it fits anew where its newest round knows fewer labels; opened once more, it has none to wait for
  // and asks what that round asks.
  await page.reload();
  await expect.poll(() => lastRoundLabels(page), { timeout: 60_000 }).toBe(10);
  await page.reload();
  await waitForQuestion(page);
  whole = await save(page, "Export the project");
  expect(whole.length).toBeGreaterThan(10_000);
});

it("opens elsewhere as the same project, with the same rounds and the same next question", async () => {
  const { page } = ben;
  await page.goto(app.url);
  await openBundle(page, whole);
  const asked = await waitForQuestion(await atLabel(page));
  expect(asked).toBe(await waitForQuestion(ada.page));
  const [here, there] = [await stored(page), await stored(ada.page)];
  for (const key of ["items", "contents", "events", "rounds", "embedded"] as const)
    expect(here[key]).toBe(there[key]);
  await page.getByText("10 of 60 answered").waitFor();
});

it("merges another person's answers and says where the two disagree", async () => {
  await answer(ben.page, "2");
  answersByBen = await save(ben.page, "Export answers only");
  const { page } = ada;
  await answer(page, "1");
  await goTo(page, "Items");
  await giveToMerge(page, answersByBen);
  await page.getByText("1 new answer by Ben").waitFor();
  await page.getByText("10 answers you have already").waitFor();
  await page.getByRole("button", { name: "Merge", exact: true }).click();
  await page.getByRole("status").getByText("1 new answer by Ben").waitFor();
  await page.getByRole("link", { name: "Decide 1 conflict" }).click();
  await page.getByRole("button", { name: "Keep repair, as Ben said" }).waitFor();
  await page.getByRole("button", { name: "Keep refund, as Ada said" }).click();
  await page.getByText("No conflicts").waitFor();
  expect((await stored(page)).events).toBe(13);
  await page.reload();
  await page.getByText("No conflicts").waitFor();
});

it("merges the same bundle again without changing anything", async () => {
  const { page } = ada;
  await goTo(page, "Items");
  await giveToMerge(page, answersByBen);
  await page.getByText("There is nothing new in it.").waitFor();
  expect(await page.getByRole("button", { name: "Merge", exact: true }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Cancel" }).click();
});

it("merges into a project that is here already, when its bundle is opened", async () => {
  const { page } = ada;
  await page.getByRole("link", { name: "All projects" }).click();
  await openBundle(page, answersByBen);
  await page.getByText("There is nothing new in it.").waitFor();
});

it("exports the model of any round, for other programs and as a page of its own", async () => {
  const { page } = ada;
  await goTo(page, "Export");
  await page.getByRole("combobox", { name: "Model to export" }).click();
  const oldest = page.getByRole("option", { name: /^Round \d+/ }).last();
  const number = /\d+/.exec((await oldest.textContent())!)![0];
  await oldest.click();
  const arriving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export Trained model (ONNX)" }).click();
  const model = await arriving;
  expect(model.suggestedFilename()).toBe(`tickets-onnx-head-round-${number}.onnx`);
  expect(readFileSync(await model.path(), "latin1")).toContain('["refund","repair"]');

  const html = await download(page, "Classifier page (HTML)");
  const offline = await openBrowser();
  await offline.context.setOffline(true);
  await offline.page.goto(pathToFileURL(copyAs(html, "page.html")).href);
  await offline.page.getByLabel("Texts, one a line").fill(texts.slice(0, 5).join("\n"));
  await offline.page.getByRole("button", { name: "Classify" }).click();
  await offline.page.getByText("5 classified.").waitFor();
  offline.assertQuiet();
  await offline.close();
});

it("refuses what is broken, newer or alone with a sentence, and keeps what there is", async () => {
  const { page } = ben;
  const before = await stored(page);
  const kept = { items: before.items, contents: before.contents, events: before.events };
  await page.getByRole("link", { name: "All projects" }).click();
  await openBundle(page, whole.subarray(0, whole.length / 2));
  await page.getByText("work.askwell is no Askwell bundle, or it was cut short").waitFor();
  expect(await stored(page)).toMatchObject(kept);

  const stranger = await openBrowser({ url: app.url });
  await openBundle(stranger.page, answersByBen);
  await stranger.page.getByText("This bundle holds the answers of “Tickets” without its texts").waitFor();
  expect(await stored(stranger.page)).toMatchObject({ items: 0, events: 0 });
  stranger.assertQuiet();
  await stranger.close();

  ada.assertQuiet();
  ben.assertQuiet();
  expect([...ada.foreignRequests(app.url), ...ben.foreignRequests(app.url)]).toEqual([]);
});

/** The browser keeps downloads under names of its own, and a page must be called one to be opened as one. */
function copyAs(path: string, name: string): string {
  const copy = join(folder, name);
  copyFileSync(path, copy);
  return copy;
}

async function atLabel(page: Page): Promise<Page> {
  await page.waitForURL(/#\/project\/[^/]+\/label$/);
  return page;
}
