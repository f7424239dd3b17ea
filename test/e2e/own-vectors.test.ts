// Vectors computed elsewhere drive the questions: a file of other items is refused with a sentence, the right one
// is accounted for and in use after two clicks, and still after a reload; the model then predicts by vectors.

import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";

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

const texts = Array.from({ length: 12 }, (_, at) => `Complaint ${at}: the lift is stuck again`);
const vectorsOf = (names: readonly string[]) =>
  ["text,vector", ...names.map((name, at) => `${name},"[${at % 2}, ${1 - (at % 2)}, 0.5]"`)].join("\n");

it("takes vectors in, says what did not fit, and uses them from then on", async () => {
  const { page } = browser;
  await createProject(page, { name: "Lifts", kind: "text", classes: ["urgent", "can wait"] });
  const csv = ["text", ...texts].join("\n");
  await addFiles(page, [{ name: "lifts.csv", mimeType: "text/csv", buffer: Buffer.from(csv) }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await waitForIdle(page);

  await goTo(page, "Settings");
  const zone = page.getByRole("group", { name: "Use vectors computed elsewhere" });
  const give = (names: readonly string[]) =>
    zone
      .locator('input[aria-label="Files"]')
      .setInputFiles({ name: "vectors.csv", mimeType: "text/csv", buffer: Buffer.from(vectorsOf(names)) });
  await give(["something else", "entirely"]);
  await page.getByText("None of the names in the file is one of this project's items.").waitFor();

  await give([...texts.slice(0, 11), "a stranger"]);
  await page.getByText("11 of 12 items got a vector of 3 numbers from vectors.csv").waitFor();
  await page.getByText("1 vector named no item of this project: a stranger.").waitFor();
  await page.getByRole("button", { name: "Use these vectors" }).click();
  await page.getByText("1 of 12 items have no vector in vectors.csv").waitFor();
  const inUse = page.getByLabel("In use").filter({ hasText: "Vectors from vectors.csv" });
  await inUse.waitFor();

  await page.reload();
  await page.getByText("1 of 12 items have no vector in vectors.csv").waitFor();
  await inUse.waitFor();

  for (let turn = 0; turn < 6; turn++) {
    await waitForQuestion(page);
    const number = Number(/Complaint (\d+)/.exec(await page.locator("[data-item]").first().innerText())![1]);
    await answer(page, number % 2 === 0 ? "1" : "2");
  }
  await goTo(page, "Predict");
  await page.getByText("Drop the vectors of new items to predict").waitFor();
  await page.locator('input[aria-label="Files"]').setInputFiles({
    name: "new.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(vectorsOf(["alpha", "beta", "gamma"])),
  });
  await page.getByText("3 predictions shown").waitFor();
  const rows = await page.getByRole("list", { name: "Predictions" }).getByRole("listitem").allInnerTexts();
  expect(rows.filter((row) => row.includes("urgent")).length).toBe(2);
  expect(rows.find((row) => row.includes("beta"))).toContain("can wait");
  expect(await page.getByRole("button", { name: "Add them to the project" }).count()).toBe(0);
  expect(browser.foreignRequests(app.url)).toEqual([]);
  browser.assertQuiet();
});
