// Choosing the kind of model and its parameters in the settings: rounds learn with it, the train screen says so,
// and a reload keeps it.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, answer, createProject, goTo, waitForIdle } from "./support/steps";

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

/** Head and kind of the model of each round that has one, in order. */
function storedModels(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("askwell"));
    const transaction = database.transaction(["rounds", "roundDetails"]);
    const [rounds, details] = await Promise.all(
      ["rounds", "roundDetails"].map((store) => done(transaction.objectStore(store).getAll())),
    );
    database.close();
    return rounds!.flatMap(({ headId }, at) =>
      details![at].model ? [`${headId}: ${details![at].model.kind}, ${details![at].model.k ?? ""}`] : [],
    );
  });
}

async function choose(page: Page, kind: string): Promise<void> {
  const select = page.getByRole("combobox", { name: "Kind of model" });
  await select.click();
  await page.getByRole("option", { name: kind }).click();
  await expect.poll(() => select.innerText()).toBe(kind);
}

test("learns with the kind of model that was chosen, and keeps its parameters", async () => {
  const { page } = browser;
  await createProject(page, { name: "Teas", kind: "text", classes: ["green", "black"] });
  const lines = Array.from(
    { length: 60 },
    (_, at) => `a ${at % 2 ? "black" : "green"} tea, number ${at}, from garden ${at % 7}`,
  );
  await addFiles(page, [{ name: "teas.txt", buffer: Buffer.from(lines.join("\n")) }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("60 added", { exact: true }).waitFor();
  await waitForIdle(page);

  await goTo(page, "Settings");
  await choose(page, "Nearest labelled items");
  const neighbours = page.getByRole("spinbutton", { name: "Neighbours asked" });
  expect(await neighbours.inputValue()).toBe("10");
  await neighbours.fill("3");
  await neighbours.press("Enter");
  await expect.poll(() => neighbours.getAttribute("aria-valuenow")).toBe("3");

  await goTo(page, "Label");
  for (let turn = 0; turn < 12; turn++) {
    const text = await page.locator("[data-item]").first().innerText();
    await answer(page, text.includes("green") ? "1" : "2");
  }
  await waitForIdle(page);
  await goTo(page, "Train");
  await page.getByText("Kind of model: Nearest labelled items.").waitFor();
  const models = await storedModels(page);
  expect(models.length).toBeGreaterThan(0);
  expect(new Set(models)).toEqual(new Set(["k-nearest: k-nearest, 3"]));

  await page.reload();
  await goTo(page, "Settings");
  await expect
    .poll(() => page.getByRole("combobox", { name: "Kind of model" }).innerText())
    .toBe("Nearest labelled items");
  expect(await neighbours.inputValue()).toBe("3");

  // Another kind learns at once, from the same answers and with its own parameters.
  await choose(page, "Small neural network");
  expect(await page.getByRole("spinbutton", { name: "Hidden units" }).inputValue()).toBe("32");
  await goTo(page, "Train");
  await page.getByText("Kind of model: Small neural network.").waitFor();
  expect((await storedModels(page)).at(-1)).toBe("mlp: mlp, ");

  browser.assertQuiet();
  expect(browser.foreignRequests(app.url)).toEqual([]);
});
