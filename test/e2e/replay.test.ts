// A project whose labels are known is replayed with several strategies: stopped, run, told apart, and no label
// changes by it.

import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { readTexts } from "./support/real-data";
import { addFiles, createProject, goTo, waitForIdle } from "./support/steps";
import { stored } from "./support/stored";

const items = readTexts(300);

describe.skipIf(items === null)("300 labelled news texts (needs shared/data)", () => {
  let app: ServedApp;
  let browser: OpenBrowser;
  let page: Page;

  beforeAll(async () => {
    app = await serveApp();
    browser = await openBrowser({ url: app.url });
    page = browser.page;
  });

  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  const panel = () => page.getByRole("region", { name: /^Replay/ });
  const start = () => panel().getByRole("button", { name: "Replay 300 labels" });

  it("is offered once enough items have labels", async () => {
    await createProject(page, { name: "Known", kind: "text", classes: items!.classes });
    await addFiles(page, [{ name: "news.csv", mimeType: "text/csv", buffer: Buffer.from(items!.csv) }]);
    await page.getByRole("checkbox", { name: "Take them as labels" }).check();
    await page.getByRole("button", { name: "Add these texts" }).click();
    await page.getByText("300 added · 300 labels", { exact: true }).waitFor();
    await waitForIdle(page);
    await goTo(page, "Train");
    await start().waitFor();
  });

  it("can be stopped, and started again", async () => {
    await panel().getByLabel("Repeats").fill("10");
    await start().click();
    await panel()
      .getByText(/^\d+ of \d+ rounds$/)
      .waitFor();
    await panel().getByRole("button", { name: "Stop" }).click();
    await start().waitFor();
    expect(await panel().getByRole("table").count()).toBe(0);
  });

  it("shows which strategy would have learnt fastest, with a figure for each", async () => {
    const before = await stored(page);
    await panel().getByLabel("Repeats").fill("2");
    await panel().getByLabel("Answers each").fill("40");
    await panel().getByLabel("Answers each").press("Enter");
    await start().click();
    const table = panel().getByRole("table", { name: "Replayed strategies, best first" });
    await table.waitFor({ timeout: 120_000 });
    const rows = await table.getByRole("row").allInnerTexts();
    expect(rows).toHaveLength(4);
    const averages = rows.slice(1).map((row) => Number(/(\d+\.\d)%/.exec(row)![1]));
    expect(averages).toEqual([...averages].sort((a, b) => b - a));
    // Four classes: guessing gets 25%.
    for (const average of averages) expect(average).toBeGreaterThan(35);
    await panel().locator("svg[aria-label='Strategies replayed on your labels']").waitFor();
    await panel()
      .getByText(/^2 replays of each, asking from 210 of your labelled items and measured on 90 others/)
      .waitFor();
    const after = await stored(page);
    expect(after.events).toBe(before.events);
  });

  it("asked no other origin for anything", () => browser.assertQuiet());
});
