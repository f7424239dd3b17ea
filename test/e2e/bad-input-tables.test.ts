// Tables as people have them: ragged, with a byte order mark, CRLF, quotes, line ends inside fields, UTF-16.
// What is whole goes in letter by letter, what is not is named by its row.

import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, createProject, waitForIdle, waitForImport } from "./support/steps";
import { stored, storedTexts } from "./support/stored";

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
  await createProject(page, { name: "Tickets", kind: "text", classes: ["bug", "billing"] });
});
afterEach(() => {
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});

async function addTable(name: string, buffer: Buffer): Promise<void> {
  await addFiles(page, [{ name, buffer }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await waitForImport(page);
}

async function notes(): Promise<string[]> {
  const list = page.getByRole("list", { name: /^Notes on/ }).first();
  await list.waitFor();
  return list.getByRole("listitem").allInnerTexts();
}

test("ragged rows, a byte order mark, CRLF, quotes and line ends in fields", async () => {
  const lines = [
    "\uFEFFid,text,team",
    '1,"The till says ""no"", and\r\nthen stops.",bug',
    "2,cut short",
    "3,Invoice is wrong,billing,and,more",
    '4,"Где мой заказ, 注文?",billing',
    ",,",
    '5,a "quote" inside,bug',
    "6,Ends with a comma,bug,",
    "7,   ,bug",
  ];
  await addTable("tickets.csv", Buffer.from(lines.join("\r\n")));
  await page.getByText("4 added · 3 left out", { exact: true }).waitFor();
  expect(await notes()).toEqual([
    "Row 2 has 2 fields where the header has 3; it was left out.",
    "Row 3 has 5 fields where the header has 3; it was left out.",
    "Row 8 has no text; it was left out.",
    "1 blank row was skipped.",
  ]);
  const texts = [
    'The till says "no", and\r\nthen stops.',
    "Где мой заказ, 注文?",
    'a "quote" inside',
    "Ends with a comma",
  ];
  expect((await storedTexts(page)).sort()).toEqual(texts.sort());
  await waitForIdle(page);
  await page.reload();
  await page.getByText("4 items in this project.").waitFor();
  expect(await notes()).toHaveLength(4);
});

test("a quotation mark that is never closed costs its own row only", async () => {
  const lines = ["text,team", "First,bug", '"Never closed,bug', "Third,billing", "Fourth,bug"];
  await addTable("open.csv", Buffer.from(lines.join("\n")));
  // It went in all the same, so nothing counts as left out.
  await page.getByText("4 added", { exact: true }).waitFor();
  expect(await notes()).toEqual([
    "Row 2 opens a quotation mark that is never closed; its line was read as it stands.",
  ]);
  expect((await storedTexts(page)).sort()).toEqual(['"Never closed', "First", "Fourth", "Third"]);
});

test.each([
  ["UTF-16 with a mark", "\uFEFF"],
  ["UTF-16 without a mark", ""],
])("%s", async (_, mark) => {
  const table = `${mark}text,team\r\n"Düse, verstopft",bug\r\n"Rechnung №7 ☂",billing\r\n`;
  await addTable("excel.csv", Buffer.from(table, "utf16le"));
  await page.getByText("2 added", { exact: true }).waitFor();
  expect((await storedTexts(page)).sort()).toEqual(["Düse, verstopft", "Rechnung №7 ☂"]);
});

test("an empty table, and bytes that are no table", async () => {
  await addTable("empty.csv", Buffer.alloc(0));
  expect(await notes()).toEqual([
    "The file holds no rows, so nothing was read. Choose a file that holds at least one text.",
  ]);
  await addFiles(page, [{ name: "noise.csv", buffer: Buffer.from([0, 1, 2, 3, 0, 0, 255, 254, 0, 9]) }]);
  await page.getByText("Nothing was added").waitFor();
  await page.getByText("The file holds bytes that no text has, so nothing was read.").waitFor();
  expect((await stored(page)).items).toBe(0);
});

test("labels that came in a column are labels after a reload too", async () => {
  const rows = Array.from({ length: 30 }, (_, number) => `Ticket ${number},${number % 2 ? "bug" : "new"}`);
  await addFiles(page, [{ name: "given.csv", buffer: Buffer.from(["text,team", ...rows].join("\n")) }]);
  await page.getByText("The column “team” name").waitFor();
  await page.getByRole("checkbox", { name: "Take them as labels" }).check();
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("30 added · 30 labels", { exact: true }).waitFor();
  await waitForIdle(page);
  expect(await stored(page)).toMatchObject({ items: 30, events: 30 });
  await page.reload();
  await page.getByRole("link", { name: "Export" }).click();
  await page.getByText("30 of 30 items labelled.").waitFor();
});
