// An ONNX text model as the hub lays it out, picked from disk: no request leaves the origin, the runtime is
// fetched only now, and afterwards everything goes on without a network. Then the encoders are compared on the
// labels so far.

import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, answer, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { storedEmbeddings } from "./support/stored-embeddings";

const tinyBert = fileURLToPath(new URL("../fixtures/onnx/tiny-bert", import.meta.url));
let app: ServedApp;
let browser: OpenBrowser;
const runtimeRequests: string[] = [];
const settings = () => browser.page.getByRole("region", { name: "Encoder" });

beforeAll(async () => {
  app = await serveApp();
  browser = await openBrowser();
  browser.context.on("request", (request) => {
    if (/ort-wasm.*\.wasm/.test(request.url())) runtimeRequests.push(request.url());
  });
  await browser.page.goto(app.url);
});

afterAll(async () => {
  await browser.close();
  await app.close();
});

it("is picked and used, with nothing asked of another origin", async () => {
  const { page } = browser;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const lines = Array.from({ length: 30 }, (_, at) => `the ${at % 2 ? "cat" : "dog"} ran on mat ${at}`);
  await createProject(page, { name: "Lines", kind: "text", classes: ["Cat", "Dog"] });
  const buffer = Buffer.from(["text", ...lines].join("\n"));
  await addFiles(page, [{ name: "lines.csv", mimeType: "text/csv", buffer }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await waitForIdle(page);
  // Who never uses such a model never loads its runtime.
  expect(runtimeRequests).toEqual([]);

  await goTo(page, "Settings");
  await settings().locator('input[aria-label="Folder"]').setInputFiles(tinyBert);
  const dialog = page.getByRole("dialog", { name: "Use this model" });
  await dialog.getByRole("button", { name: "Add and use" }).click();
  await dialog.waitFor({ state: "detached" });
  await expect
    .poll(
      async () => Object.entries(await storedEmbeddings(page)).filter(([key]) => key.startsWith("model-")),
      {
        timeout: 60_000,
      },
    )
    .toEqual([[expect.stringMatching(/^model-[0-9a-f]{16}@1\/float32$/), { rows: 30, dims: 16 }]]);
  expect(runtimeRequests.length).toBeGreaterThan(0);
  expect(browser.foreignRequests(app.url)).toEqual([]);
});

it("is compared with the encoder that comes with the app, and exchanged in one click", async () => {
  const { page } = browser;
  await waitForQuestion(page);
  for (let turn = 0; turn < 20; turn++) {
    const text = (await page.locator("[data-item]").first().textContent())!;
    await answer(page, text.includes("cat") ? "1" : "2");
  }
  await waitForIdle(page);
  await goTo(page, "Settings");
  await settings().getByRole("button", { name: "Compare encoders" }).click();
  const table = settings().getByRole("table", { name: /Encoders compared/ });
  await table.waitFor({ timeout: 60_000 });
  await expect.poll(() => table.getByRole("row").count()).toBeGreaterThanOrEqual(3);
  expect(await table.getByRole("row", { name: /tiny-bert/ }).textContent()).toMatch(/%, between .*In use/);
  await table.getByRole("button", { name: /^Use / }).first().click();
  const inUse = settings().getByRole("combobox", { name: "In use" });
  await expect.poll(() => inUse.textContent()).not.toContain("tiny-bert");
});

it("embeds new texts after a reload without a network", async () => {
  const { page, context } = browser;
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await context.setOffline(true);
  await app.close();
  await page.reload();
  await waitForQuestion(page);
  await addFiles(page, [
    {
      name: "more.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("text\nthe red cat sat\nthe blue dog sat"),
    },
  ]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await page.getByText("32 items in this project").waitFor();
  await goTo(page, "Settings");
  const inUse = settings().getByRole("combobox", { name: "In use" });
  await inUse.click();
  await page.getByRole("option", { name: /tiny-bert/ }).click();
  await expect
    .poll(
      async () =>
        Object.entries(await storedEmbeddings(page)).find(([key]) => key.startsWith("model-"))?.[1].rows,
      {
        timeout: 60_000,
      },
    )
    .toBe(32);
  expect(browser.foreignRequests(app.url)).toEqual([]);
  browser.assertQuiet();
});
