// Items unlike everything labelled are found as a group on the Train screen, looked at, and named as a new class in
// one step, which one undo takes back.

import { afterAll, beforeAll, expect, it } from "vitest";
import { createRandom } from "../../src/core/random";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { stored } from "./support/stored";
import { addFiles, createProject, goTo, waitForIdle } from "./support/steps";

let app: ServedApp;
let browser: OpenBrowser;

beforeAll(async () => {
  app = await serveApp();
  browser = await openBrowser({ url: app.url });
});

afterAll(async () => {
  await browser.close();
  await app.close();
});

const labelled = 60;
const owls = 9;
const kinds = ["cat", "dog", "owl"] as const;

/** Vectors around one axis for each kind; labels of the first sixty, cats and dogs in turn, and none of the owls. */
function madeItems() {
  const random = createRandom(4);
  return Array.from({ length: labelled + 20 + owls }, (_, at) => {
    const kind = at < labelled + 20 ? at % 2 : 2;
    const vector = Array.from({ length: 6 }, (_, k) => (k === kind ? 1 : 0) + 0.15 * random.normal());
    return { text: `${kinds[kind]} number ${at}`, label: at < labelled ? kinds[kind] : "", vector };
  });
}

it("shows the group, names it in one step, and takes it back in one", async () => {
  const { page } = browser;
  const items = madeItems();
  const file = (name: string, lines: readonly string[]) => ({
    name,
    mimeType: "text/csv",
    buffer: Buffer.from(lines.join("\n")),
  });
  await createProject(page, { name: "Animals", kind: "text", classes: ["cat", "dog"] });
  const rows = items.map(({ text, label }) => `${text},${label}`);
  await addFiles(page, [file("animals.csv", ["text,class", ...rows])]);
  await page.getByRole("checkbox", { name: "Take them as labels" }).check();
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText(`${items.length} added · ${labelled} labels`, { exact: true }).waitFor();
  await waitForIdle(page);

  await goTo(page, "Settings");
  const vectors = items.map(({ text, vector }) => `${text},"[${vector.join(", ")}]"`);
  await page
    .getByRole("group", { name: "Use vectors computed elsewhere" })
    .locator('input[aria-label="Files"]')
    .setInputFiles(file("vectors.csv", ["text,vector", ...vectors]));
  await page.getByRole("button", { name: "Use these vectors" }).click();
  await page.getByLabel("In use").filter({ hasText: "Vectors from vectors.csv" }).waitFor();

  await goTo(page, "Train");
  await page.getByText(`${owls} alike that fit no class: name them?`).waitFor();
  await page.getByRole("button", { name: "Look and name" }).click();
  const dialog = page.getByRole("dialog", { name: "Name these items" });
  await dialog
    .getByText(/^owl number \d+$/)
    .first()
    .waitFor();
  expect(await dialog.getByText(/^owl number \d+$/).count()).toBe(owls);
  await dialog.getByRole("checkbox", { name: "Item 1", exact: true }).uncheck();
  await dialog.getByLabel("Class", { exact: true }).fill("owl");
  await dialog.getByText("A new name makes a new class.").waitFor();
  const { events } = await stored(page);
  await dialog.getByRole("button", { name: `Label ${owls - 1} items` }).click();
  await page.getByText(`${owls - 1} items labelled “owl”.`).waitFor();
  expect((await stored(page)).events).toBe(events + owls - 1);
  await page.getByText("alike that fit no class: name them?").waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText(/\d alike that fit no class: name them\?/).waitFor();
  expect(browser.foreignRequests(app.url)).toEqual([]);
  browser.assertQuiet();
});
