// From a plan to the advice to stop, on real texts: why each item is asked, the curve with its interval and random
// asking beside it, what it costs, and the advice as soon as the planned labels are given.

import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { answerTruly } from "./support/label";
import { readTexts } from "./support/real-data";
import { addFiles, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";

const items = readTexts(400);
const planned = 70;

describe.skipIf(items === null)("400 news texts with a plan (needs shared/data)", () => {
  const { classes } = items ?? { classes: [] };
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

  const line = (rule: string) => page.getByRole("listitem").filter({ hasText: rule });
  const panel = (title: RegExp) => page.getByRole("region", { name: title });

  it("begins with a plan and a price", async () => {
    await createProject(page, {
      name: "Planned",
      kind: "text",
      classes,
      plan: { budget: planned, target: 95, price: 0.2 },
    });
    await addFiles(page, [{ name: "news.csv", mimeType: "text/csv", buffer: Buffer.from(items!.csv) }]);
    await page.getByRole("button", { name: "Add these texts" }).click();
    await waitForIdle(page);
    await goTo(page, "Settings");
    expect(await page.getByRole("textbox", { name: /^Labels planned/ }).inputValue()).toBe(String(planned));
    expect(await page.getByRole("textbox", { name: /^Target accuracy/ }).inputValue()).toBe("95");
    // A third at random, so that there is a hold-out worth the name after 80 answers.
    const share = page.getByRole("spinbutton", { name: "Random slice" });
    await share.fill("35");
    await share.press("Enter");
    await goTo(page, "Train");
    await page.getByText("No model yet").waitFor();
  });

  it("says in one sentence why it asks, and the rest on a key, which closes it again", async () => {
    await waitForQuestion(page);
    // A pause after every twenty gives the curve models to show, however fast the keyboard is.
    for (let twenty = 0; twenty < 2; twenty++) {
      await answerTruly(page, items!, classes, 20);
      await waitForIdle(page);
    }
    // The next question comes from a round that had a model.
    await answerTruly(page, items!, classes, 1);
    const why = page.getByRole("region", { name: "Why this item" });
    expect(await why.count()).toBe(0);
    await page.keyboard.press(".");
    await why.getByText("What the model makes of it").waitFor();
    await why
      .getByText(/% alike$/)
      .first()
      .waitFor();
    // What is drawn for the hold-out is asked without the model's opinion.
    const checks = (await why.getByText("goes to the hold-out, never learnt from").count()) > 0;
    expect(await why.getByText(/^Hidden until you have answered/).count()).toBe(checks ? 1 : 0);
    for (const name of classes) {
      const shares = why.locator("dl.shares dt").getByText(name, { exact: true });
      expect(await shares.count()).toBe(checks ? 0 : 1);
    }
    await page.keyboard.press("Escape");
    await why.waitFor({ state: "detached" });
    await page.keyboard.press(".");
    await why.waitFor();
    await page.keyboard.press(".");
    await why.waitFor({ state: "detached" });
  });

  it("advises to go on before the planned labels, and to stop at the answer that makes them up", async () => {
    await goTo(page, "Train");
    await line("Labels planned").getByText("You have given 41 of the 70 labels planned.").waitFor();
    await waitForQuestion(page);
    for (let ten = 0; ten < 2; ten++) {
      await answerTruly(page, items!, classes, 10);
      await waitForIdle(page);
    }
    await answerTruly(page, items!, classes, 19);
    // No wait for a round: the advice is about the labels there are.
    await goTo(page, "Train");
    await panel(/^Hold-out accuracy/)
      .getByText("Show as a table")
      .click();
    await line("Labels planned").getByText("You have given 80 labels; 70 were planned.").waitFor();
    await page.getByRole("heading", { name: /^You may stop: \d of \d rules? says? so$/ }).waitFor();
    await line("Target reached").getByText(/95%/).waitFor();
  });

  it("leads with one sentence, then the curve with its interval and random asking, and its table stays open", async () => {
    await page
      .getByText(/^Between \d+ and \d+ with 95% confidence.* Random asking would .* Another 50 should buy/)
      .waitFor();
    const curve = panel(/^Hold-out accuracy/);
    await curve.getByText("Accuracy by random asking").waitFor();
    await curve.locator("svg[aria-label='Learning curve']").waitFor();
    // Opened before all of this was measured, and still open.
    const rows = curve.getByRole("row");
    await rows.filter({ hasText: "Random asking" }).first().waitFor();
    await rows
      .filter({ hasText: "Accuracy" })
      .filter({ hasText: /between \d+ and \d+/ })
      .first()
      .waitFor();
  });

  it("has every measure with the method of its interval, and second opinions with what they assume", async () => {
    const measures = page.getByRole("table", { name: "Measures on the hold-out" });
    for (const name of ["Accuracy", "Macro F1", "Balanced accuracy", "Ranking (AUC)", "Log loss"])
      await measures.getByRole("row").filter({ hasText: name }).first().waitFor();
    const opinions = page.getByRole("table", { name: "Estimates of accuracy by other means" });
    for (const name of ["Out of fold", "LURE", "PPI", "ATC"])
      await opinions.getByRole("row").filter({ hasText: name }).first().waitFor();
  });

  it("says what it cost by the price given, and how the work goes", async () => {
    await panel(/^What it costs/)
      .getByText("€ 16.00")
      .waitFor();
    await panel(/^Where the questions came from/)
      .getByText("At random")
      .waitFor();
    await panel(/^How the work goes/)
      .getByText("Questions ready")
      .waitFor();
    await page.getByRole("table", { name: "Labels and guesses by class" }).waitFor();
  });

  it("takes a new plan in the settings, and the advice follows and says so", async () => {
    await goTo(page, "Settings");
    const budget = page.getByRole("textbox", { name: /^Labels planned/ });
    await budget.fill("many");
    await budget.press("Tab");
    await page.getByText(/^Give a whole number/).waitFor();
    await budget.fill("200");
    await budget.press("Tab");
    await page.getByText(/^Give a whole number/).waitFor({ state: "detached" });
    await goTo(page, "Train");
    await line("Labels planned").getByText("You have given 80 of the 200 labels planned.").waitFor();
    await page.getByText(/written after 80 labels/).waitFor();
    expect(browser.foreignRequests(app.url)).toEqual([]);
    browser.assertQuiet();
  });
});
