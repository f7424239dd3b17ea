// A project of texts that comes with many labels: the model begins to read single words where that makes it better,
// says so and why, predicts with them, and exports say what they leave out.

import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { manyTexts } from "./support/many-texts";
import { addFiles, createProject, goTo, waitForIdle } from "./support/steps";

const count = 900;
const texts = manyTexts(count + 3);

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

test("with 900 labels the model reads words, and says what that is worth", async () => {
  const { page } = browser;
  await createProject(page, { name: "Order", kind: "text", classes: ["forth", "back"] });
  const lines = texts.slice(0, count).map(({ text, label }) => `${text},${label}`);
  await addFiles(page, [{ name: "order.csv", buffer: Buffer.from(["text,class", ...lines].join("\n")) }]);
  await page.getByRole("checkbox", { name: "Take them as labels" }).check();
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("900 added · 900 labels", { exact: true }).waitFor();
  await waitForIdle(page);

  const note = page.getByText(
    /It also reads single words: of \d+ answers left out it was right on \d+ with them, and on \d+ without\./,
  );
  await goTo(page, "Train");
  await note.waitFor();
  const [, tested, right, without] = /of (\d+) .* on (\d+) with .* on (\d+) without/.exec(
    await note.innerText(),
  )!;
  expect(Number(tested)).toBeGreaterThanOrEqual(400);
  expect(Number(right)).toBeGreaterThan(Number(without));
  expect(Number(right)).toBeLessThanOrEqual(Number(tested));
  await goTo(page, "Settings");
  await note.waitFor();

  await goTo(page, "Export");
  const left = page.getByText("This file cannot hold them and gets the part that reads vectors only.");
  const item = (name: RegExp) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });
  await item(/^Trained model \(ONNX\)/)
    .and(page.getByRole("listitem").filter({ has: left }))
    .waitFor();
  await item(/Classifier page/).waitFor();
  expect(
    await item(/Classifier page/)
      .filter({ has: left })
      .count(),
  ).toBe(0);

  await goTo(page, "Predict");
  const table = ["text", ...texts.slice(count).map(({ text }) => text)].join("\n");
  await page
    .locator('input[aria-label="Files"]')
    .setInputFiles([{ name: "new.csv", mimeType: "text/csv", buffer: Buffer.from(table) }]);
  await page.getByRole("button", { name: "Predict these texts" }).click();
  await page.getByText("3 predictions shown").waitFor();
  browser.assertQuiet();
});
