// The whole job on real texts: drop a CSV, choose the column, label 200 by keyboard while the model learns,
// undo and redo, close the tab and find everything again.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { answerTruly } from "./support/label";
import { readLatency, watchLatency } from "./support/latency";
import { accuracyOf, predictWithStored } from "./support/model";
import { readTexts } from "./support/real-data";
import { addFiles, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { firstOpenQuestion } from "./support/stored-questions";
import { stored } from "./support/stored";
import { storedLabels } from "./support/stored-labels";

const items = readTexts(1000);

describe.skipIf(items === null)("1,000 news texts, from CSV to trained model (needs shared/data)", () => {
  const { classes } = items ?? { classes: [] };
  let app: ServedApp;
  let browser: OpenBrowser;

  beforeAll(async () => {
    app = await serveApp();
    browser = await openBrowser();
    await watchLatency(browser.page);
    await browser.page.goto(app.url);
  });

  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  it("shows the columns, and takes the class column for a note only", async () => {
    const { page } = browser;
    await createProject(page, { name: "News", kind: "text", classes });
    await addFiles(page, [{ name: "news.csv", mimeType: "text/csv", buffer: Buffer.from(items!.csv) }]);
    await page.getByText("The column “label” names 4 classes").waitFor();
    expect(await page.getByLabel("Take them as labels").isChecked()).toBe(false);
    await page.getByRole("button", { name: "Add these texts" }).click();
    await waitForIdle(page);
    const { items: count, events, embedded } = await stored(page);
    expect(count).toBe(new Set(items!.texts).size);
    expect(embedded).toBe(count);
    expect(events).toBe(0);
  });

  it("learns from 200 answers chosen automatically, and beats the majority class by far", async () => {
    const { page } = browser;
    await waitForQuestion(page);
    // A keyboard can outrun any model; a pause after every twenty makes the rounds it needs a known number.
    for (let twenty = 0; twenty < 10; twenty++) {
      await answerTruly(page, items!, classes, 20);
      await waitForIdle(page);
    }
    const { count, p50Ms, p95Ms } = await readLatency(page);
    console.log(
      `Texts: keypress to next item painted, training going on: p50 ${p50Ms.toFixed(0)} ms, p95 ${p95Ms.toFixed(0)} ms (${count} keys)`,
    );

    await goTo(page, "Train");
    await waitForIdle(page);
    const title = await page.getByRole("heading", { level: 1, name: /right$/ }).textContent();
    const labelled = new Set((await storedLabels(page)).keys());
    const accuracy = accuracyOf(await predictWithStored(page), items!.truth, labelled);
    const perClass = classes.map((name) => [...items!.truth.values()].filter((one) => one === name).length);
    const majority = Math.max(...perClass) / items!.truth.size;
    const share = (value: number) => `${(100 * value).toFixed(1)}%`;
    console.log(
      `ag_news in the app, 200 labels: ${share(accuracy)} of the ${items!.truth.size - labelled.size} texts never asked; majority class ${share(majority)}; the app says “${title}”`,
    );
    expect(accuracy).toBeGreaterThan(majority + 0.3);
    expect(await page.getByRole("row").filter({ hasText: "Automatic" }).count()).toBeGreaterThanOrEqual(9);
  });

  it("takes back and puts back by keyboard, and says what", async () => {
    const { page } = browser;
    await waitForQuestion(page);
    await page.getByText("200 of").waitFor();
    await page.keyboard.press("Backspace");
    await page.getByText("199 of").waitFor();
    await page.getByText(/^Took back “/).waitFor();
    await page.keyboard.press("Control+Shift+Z");
    await page.getByText("200 of").waitFor();
    await page.getByText(/^Put back “/).waitFor();
  });

  it("has everything, and the question its newest round had next, after the tab was closed", async () => {
    await waitForIdle(browser.page);
    const before = await stored(browser.page);
    await browser.page.close();
    const page = await browser.newTab(app.url);
    await page.getByRole("link", { name: /News/ }).click();
    expect(await waitForQuestion(page)).toBe(await firstOpenQuestion(page));
    await page.getByText("200 of").waitFor();
    await waitForIdle(page);
    expect(await stored(page)).toMatchObject({
      rounds: before.rounds,
      items: before.items,
      events: before.events,
      embedded: before.embedded,
    });
    expect(browser.foreignRequests(app.url)).toEqual([]);
    browser.assertQuiet();
  });
});
