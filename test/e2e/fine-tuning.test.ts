// Fine-tuning on the processor: a small network from disk that hardly looks at the images is trained on the labels
// that came with them, is in use where it is better on the hold-out, goes back in one click, and can be saved and
// picked again.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/random";
import type { ImageInput } from "../../workers/encoders/encoder";
import { convNet } from "../encoders/pretrained/conv-net";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { pngOf } from "./support/pictures";
import { addFiles, createProject, goTo, waitForIdle } from "./support/steps";
import { storedEmbeddings } from "./support/stored-embeddings";
import { stored } from "./support/stored";

/** Images of each class. Not as many of each, so that a network that sees nothing calls all of them the first. */
const counts = { across: 66, along: 44 };
const classes = Object.keys(counts);
const total = counts.across + counts.along;

/** Noisy stripes of 4 pixels: no two alike, and the two classes alike in colour and light. */
function stripes(across: boolean, number: number): ImageInput {
  const side = 16;
  const random = createRandom(number).fork("stripes");
  const phase = random.integer(4);
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let at = 0; at < side * side; at++) {
    const place = across ? Math.floor(at / side) : at % side;
    const light = (place + phase) % 4 < 2 ? 200 : 50;
    for (let color = 0; color < 3; color++) pixels[at * 4 + color] = light + 40 * random.normal();
  }
  return { pixels, width: side, height: side };
}

describe("fine-tuning", () => {
  const folder = mkdtempSync(join(tmpdir(), "askwell-tuning-"));
  const network = join(folder, "network");
  let app: ServedApp;
  let browser: OpenBrowser;
  const settings = () => browser.page.getByRole("region", { name: "Encoder" });
  const inUse = () => settings().getByRole("combobox", { name: "In use" });

  const tuneButton = () => settings().getByRole("button", { name: "Fine-tune this encoder" });

  beforeAll(async () => {
    for (const [name, count] of Object.entries(counts)) {
      mkdirSync(join(folder, "photos", name), { recursive: true });
      for (let number = 0; number < count; number++)
        writeFileSync(
          join(folder, "photos", name, `${name}-${number}.png`),
          pngOf(stripes(name === "across", number)),
        );
    }
    for (const { path, file } of convNet(1, true)) {
      const to = join(network, path.slice(path.indexOf("/") + 1));
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, new Uint8Array(await file.arrayBuffer()));
    }
    app = await serveApp();
    browser = await openBrowser({ url: app.url });
  });

  afterAll(async () => {
    await browser.close();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is not offered for the encoder that comes with the app, and the page says why", async () => {
    const { page } = browser;
    await createProject(page, { name: "Photos", classes });
    await addFiles(page, join(folder, "photos"));
    await page.getByLabel("Take them as labels").check();
    await page.getByRole("button", { name: `Add ${total} files` }).click();
    await waitForIdle(page);
    await goTo(page, "Settings");
    await settings().getByText("Only a TensorFlow.js layers model can be fine-tuned.").waitFor();
    expect(await tuneButton().isDisabled()).toBe(true);
  });

  it("trains a network from disk and uses it where it is better on the hold-out", async () => {
    const { page } = browser;
    await settings().locator('input[aria-label="Folder"]').setInputFiles(network);
    await page
      .getByRole("dialog", { name: "Use this model" })
      .getByRole("button", { name: "Add and use" })
      .click();
    await expect.poll(() => inUse().textContent(), { timeout: 60_000 }).toContain("network");
    await expect.poll(modelRows, { timeout: 60_000 }).toEqual([total]);
    await tuneButton().click();
    const dialog = page.getByRole("dialog", { name: "Fine-tune this encoder" });
    await dialog.getByText(/last block \(2 layers, 2,620 numbers\)/).waitFor();
    // The test browser has a software adapter at most.
    expect(await dialog.getByRole("radio", { name: "Graphics card" }).isDisabled()).toBe(true);
    await dialog.getByRole("combobox", { name: "Step size" }).click();
    await page.getByRole("option", { name: /Very large/ }).click();
    await dialog.getByRole("button", { name: "Fine-tune", exact: true }).click();
    await settings()
      .getByText(
        /^\d+% right before, \d+% after, on \d+ hold-out items\. The difference is .+ and may lie between/,
      )
      .waitFor({ timeout: 120_000 });
    // How many are held out, and which, the project draws: few may not show for certain what is so.
    await settings()
      .getByText(/^The tuned encoder is (better and in use|in use, but it may be no better)$/)
      .waitFor();
    await expect.poll(() => inUse().textContent()).toContain("network, tuned");
    await expect.poll(modelRows, { timeout: 60_000 }).toEqual([total, total]);
  });

  it("can be saved, as files that are picked like any other model", async () => {
    const { page } = browser;
    const saving = page.waitForEvent("download");
    await settings().getByRole("button", { name: "Save network, tuned" }).click();
    const path = join(folder, "saved.zip");
    await (await saving).saveAs(path);
    const bytes = readFileSync(path);
    for (const name of ["network, tuned/model.json", "network, tuned/weights.bin"])
      expect(bytes.includes(name)).toBe(true);
  });

  it("goes back in one click, and is still there after a reload", async () => {
    const { page } = browser;
    await settings().getByRole("button", { name: "Go back to network" }).click();
    await expect.poll(() => inUse().textContent()).toMatch(/^\s*network\s*$/);
    expect(await modelRows()).toEqual([total, total]);
    await page.reload();
    await settings()
      .getByRole("list", { name: "Models in this browser" })
      .getByText("Fine-tuned from network")
      .waitFor();
    expect((await stored(page)).events).toBe(total);
    browser.assertQuiet();
    expect(browser.foreignRequests(app.url)).toEqual([]);
  });

  /** Rows of each model's embeddings. */
  async function modelRows(): Promise<number[]> {
    const found = await storedEmbeddings(browser.page);
    return Object.entries(found).flatMap(([key, { rows }]) => (key.startsWith("model-") ? [rows] : []));
  }
});
