// The settings screen on the machine under the arithmetic: which tier, what its check found, and how fast.

import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { addFiles, createProject, goTo, waitForIdle } from "./support/steps";

let app: ServedApp;
let browser: OpenBrowser;

beforeAll(async () => {
  app = await serveApp();
  browser = await openBrowser();
  await browser.page.goto(app.url);
});

afterAll(async () => {
  await browser.close();
  await app.close();
});

it("says where the arithmetic runs and why, and measures it when asked", async () => {
  const { page } = browser;
  await createProject(page, { name: "Letters", kind: "text", classes: ["A", "B"] });
  const lines = Array.from({ length: 40 }, (_, at) => `letter number ${at} about thing ${at % 7}`);
  const csv = ["text", ...lines].join("\n");
  await addFiles(page, [{ name: "letters.csv", mimeType: "text/csv", buffer: Buffer.from(csv) }]);
  await page.getByRole("button", { name: "Add these texts" }).click();
  await waitForIdle(page);
  await goTo(page, "Settings");
  await page.getByText("In use: WebAssembly. Its self-check agreed").waitFor();
  await page.getByText(/software one|no graphics adapter|no WebGPU/).waitFor();
  await page.getByRole("button", { name: "Measure this machine" }).click();
  const table = page.getByRole("table", { name: /Kernels on this machine/ });
  await table.waitFor({ timeout: 60_000 });
  expect(await table.getByRole("row").count()).toBe(4);
  expect(await table.textContent()).toMatch(/BADGE.*ms.*GB\/s.*%/);
});
