// A MobileNet from disk, with the network cut: picked in the settings, used for the embeddings, labelled and
// predicted with, still there after a reload, and exchanged for the built-in encoder and back without embedding again.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { answerTruly } from "./support/label";
import { copyImages } from "./support/real-data";
import { addFiles, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { storedEmbeddings } from "./support/stored-embeddings";
import { stored } from "./support/stored";

const mobileNets = fileURLToPath(
  new URL("../../../shared/data/encoders/tm-mobilenetv2-035-tfjs", import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), "askwell-pretrained-"));
const items = existsSync(mobileNets) ? copyImages(join(folder, "photos"), 4) : null;

describe.skipIf(items === null)("a MobileNet from disk (needs shared/data)", () => {
  const { classes } = items ?? { classes: [] };
  let app: ServedApp;
  let browser: OpenBrowser;
  const settings = () => browser.page.getByRole("region", { name: "Encoder" });

  beforeAll(async () => {
    app = await serveApp();
    browser = await openBrowser({ url: app.url });
    const { page } = browser;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await browser.context.setOffline(true);
    await app.close();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function modelRows(): Promise<number> {
    const found = await storedEmbeddings(browser.page);
    const key = Object.keys(found).find((one) => one.startsWith("model-"));
    return key === undefined ? 0 : found[key]!.rows;
  }

  it("says what is wrong with a folder of two models", async () => {
    const { page } = browser;
    await createProject(page, { name: "Photos", classes });
    await addFiles(page, join(folder, "photos"));
    await waitForIdle(page);
    await goTo(page, "Settings");
    await settings().locator('input[aria-label="Folder"]').setInputFiles(mobileNets);
    await settings().getByText("There are 2 models in there").waitFor();
  });

  it("is picked, shown how it sees an image, and used in two clicks", async () => {
    const { page } = browser;
    await settings()
      .locator('input[aria-label="Folder"]')
      .setInputFiles(join(mobileNets, "mobilenetv2-0.35-224"));
    const dialog = page.getByRole("dialog", { name: "Use this model" });
    await dialog.getByText("was read from metadata.json").waitFor();
    await dialog.getByText("224 × 224 pixels, values from").waitFor();
    await dialog.getByRole("button", { name: "Add and use" }).click();
    await dialog.waitFor({ state: "detached" });
    await expect.poll(modelRows, { timeout: 60_000 }).toBe(40);
    const found = await storedEmbeddings(page);
    expect(Object.values(found).map(({ dims }) => dims)).toContain(1280);
  });

  it("drives the questions", async () => {
    const { page } = browser;
    await waitForQuestion(page);
    const { rounds } = await stored(page);
    await answerTruly(page, items!, classes, 12);
    await expect.poll(async () => (await stored(page)).rounds, { timeout: 60_000 }).toBeGreaterThan(rounds);
  });

  it("predicts new files", async () => {
    const { page } = browser;
    await goTo(page, "Predict");
    await page
      .locator('input[aria-label="Files"]')
      .setInputFiles([join(folder, "photos/0001.jpg"), join(folder, "photos/0008.jpg")]);
    await page.getByText("2 predictions shown").waitFor();
  });

  it("is there after a reload without a network, and the one before is kept beside it", async () => {
    const { page } = browser;
    await page.reload();
    await waitForQuestion(page);
    await goTo(page, "Settings");
    const inUse = settings().getByRole("combobox", { name: "In use" });
    await expect.poll(() => inUse.textContent()).toContain("mobilenetv2-0.35-224");
    await settings()
      .getByRole("list", { name: "Models in this browser" })
      .getByText("1,280 numbers")
      .waitFor();
    const before = await storedEmbeddings(page);
    expect(Object.keys(before)).toHaveLength(2);
    await inUse.click();
    await page.getByRole("option", { name: /Patches, colours and edges/ }).click();
    await expect.poll(() => inUse.textContent()).toContain("Patches");
    await settings().getByRole("button", { name: "Remove mobilenetv2-0.35-224" }).waitFor();
    expect(await storedEmbeddings(page)).toEqual(before);
    browser.assertQuiet();
    expect(browser.foreignRequests(app.url)).toEqual([]);
  });
});
