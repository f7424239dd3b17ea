// The model of a round looks at new texts without adding them, and labels the project's open items once a sample
// was checked; one undo takes all of that back. New texts of another kind are added, and said to be.

import { readFileSync } from "node:fs";
import Papa from "papaparse";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { stored } from "./support/stored";

const words = {
  fruit: ["apple", "cherry", "melon", "sweet", "ripe", "juicy", "orchard", "basket"],
  tool: ["hammer", "wrench", "drill", "steel", "heavy", "sharp", "workshop", "toolbox"],
};
type ClassName = keyof typeof words;
const classes = Object.keys(words) as ClassName[];

/** Different for each number, and of one class by every word. */
function textOf(className: ClassName, number: number): string {
  const list = words[className];
  return Array.from({ length: 5 }, (_, place) => list[(number * (place + 1) + place) % list.length])
    .concat(`${className} ${number}`)
    .join(" ");
}

const texts = Array.from({ length: 90 }, (_, number) => textOf(classes[number % 2]!, number));
const keyOf = (text: string) => (text.includes("fruit") ? "1" : "2");

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

async function predictFile(page: Page): Promise<void> {
  const table = ["text", textOf("fruit", 200), textOf("tool", 201), textOf("fruit", 202)].join("\n");
  await page
    .locator('input[aria-label="Files"]')
    .setInputFiles([{ name: "new.csv", mimeType: "text/csv", buffer: Buffer.from(table) }]);
  await page.getByRole("button", { name: "Predict these texts" }).click();
  await page.getByText("3 predictions shown").waitFor();
}

/** Answers the sample blind, by what the item says. Returns how many were asked. */
async function checkSample(page: Page): Promise<number> {
  await page.getByLabel("Accept from this confidence on").fill("0.5");
  await page.getByRole("button", { name: "Check 40 items" }).click();
  for (let checked = 0; checked < 40; checked++) {
    await page.getByText(`What is it? ${checked + 1} of 40`).waitFor();
    const item = page.locator("[data-audited]");
    await page.keyboard.press(keyOf(await item.innerText()));
  }
  await page.getByText(/^At most \d+\.\d% of them are wrong$/).waitFor();
  return 40;
}

/** Predicts texts of a third kind and adds them, which shows that they are of another kind. */
async function addOtherKind(page: Page): Promise<void> {
  const others = Array.from(
    { length: 40 },
    (_, number) => `the minister signs treaty ${number} in parliament`,
  );
  await page
    .locator('input[aria-label="Files"]')
    .setInputFiles([
      { name: "politics.csv", mimeType: "text/csv", buffer: Buffer.from(["text", ...others].join("\n")) },
    ]);
  await page.getByRole("button", { name: "Predict these texts" }).click();
  await page.getByText("40 predictions shown").waitFor();
  await page.getByRole("button", { name: "Add them to the project" }).click();
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("40 added", { exact: true }).waitFor();
  await page.getByRole("region", { name: "The newest items are of another kind" }).waitFor();
}

test("new texts are predicted and saved, and sure labels accepted after a check", async () => {
  const { page } = browser;
  await createProject(page, { name: "Things", kind: "text", classes });
  await addFiles(page, [{ name: "things.csv", buffer: Buffer.from(["text", ...texts].join("\n")) }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("90 added", { exact: true }).waitFor();
  await waitForIdle(page);
  for (let number = 0; number < 12; number++) {
    await waitForQuestion(page);
    await answer(page, keyOf(await page.locator("[data-item]").first().innerText()));
  }

  await goTo(page, "Predict");
  await predictFile(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const csv = readFileSync(await (await downloading).path(), "utf8").replace(/^\uFEFF/, "");
  const rows = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;
  expect(rows).toHaveLength(3);
  for (const { item, predicted, confidence, fruit, tool } of rows) {
    expect(item).toContain(predicted);
    expect(Number(confidence)).toBe(Math.max(Number(fruit), Number(tool)));
    expect(Number(fruit) + Number(tool)).toBeCloseTo(1, 4);
  }
  expect((await stored(page)).items).toBe(90);

  await page.getByRole("tab", { name: "Open items of this project" }).click();
  await page.getByRole("button", { name: /^Ask the model of round/ }).click();
  const { events } = await stored(page);
  const checked = await checkSample(page);
  const left = 90 - 12 - checked;
  await page.getByRole("button", { name: `Accept ${left} labels` }).click();
  await page.getByText(`${left} labels accepted. One undo takes them all back.`).waitFor();
  expect((await stored(page)).events).toBe(events + 90 - 12);

  await goTo(page, "Label");
  await page.getByText("Every item has an answer").waitFor();
  await page.keyboard.press("ControlOrMeta+z");
  await page.getByText(`${12 + checked} of 90 answered`).waitFor();

  await goTo(page, "Predict");
  await page.getByRole("tab", { name: "New files" }).click();
  await page.getByRole("button", { name: "Other files" }).click();
  await addOtherKind(page);
  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});
