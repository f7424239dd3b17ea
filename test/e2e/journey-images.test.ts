// The whole job on real photos: make a project, drop a folder, label by keyboard, see the curve, lose the
// browser without warning, come back, export, and read the exported files with other programs.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, serveApp, type OpenBrowser, type ServedApp } from "./support/app";
import { download, readZip } from "./support/exported";
import { killBrowser } from "./support/kill";
import { answerTruly, keyOf, type Answered } from "./support/label";
import { predictWithExport, predictWithStored } from "./support/model";
import { readLatency, watchLatency } from "./support/latency";
import { copyImages, itemIdOf } from "./support/real-data";
import { addFiles, createProject, goTo, waitForIdle, waitForQuestion } from "./support/steps";
import { stored } from "./support/stored";
import { storedLabels } from "./support/stored-labels";

const folder = mkdtempSync(join(tmpdir(), "askwell-images-"));
const profile = mkdtempSync(join(tmpdir(), "askwell-profile-"));
const items = copyImages(join(folder, "photos"), 50);

describe.skipIf(items === null)("500 photos, from folder to trained model (needs shared/data)", () => {
  const { classes } = items ?? { classes: [] };
  const answered: Answered[] = [];
  let app: ServedApp;
  let browser: OpenBrowser;

  beforeAll(async () => {
    app = await serveApp();
    browser = await openBrowser({ profile });
    await watchLatency(browser.page);
    await browser.page.goto(app.url);
  });

  afterAll(async () => {
    await browser.close();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(profile, { recursive: true, force: true });
  });

  it("takes a folder of 500 photos in and looks at each", async () => {
    const { page } = browser;
    await createProject(page, { name: "Photos", classes });
    await addFiles(page, join(folder, "photos"));
    await waitForIdle(page);
    expect(await stored(page)).toMatchObject({ items: 500, contents: 500, embedded: 500 });
  });

  it("is labelled by keyboard while the model learns, and the curve moves", async () => {
    const { page } = browser;
    await waitForQuestion(page);
    // A keyboard can outrun any model; a pause after every ten lets each bring its point to the curve.
    for (let ten = 0; ten < 4; ten++) {
      answered.push(...(await answerTruly(page, items!, classes, 10)));
      await waitForIdle(page);
    }
    const { count, p50Ms, p95Ms } = await readLatency(page);
    console.log(
      `Images: keypress to next item painted, training going on: p50 ${p50Ms.toFixed(0)} ms, p95 ${p95Ms.toFixed(0)} ms (${count} keys)`,
    );
    expect(count).toBeGreaterThan(30);

    await goTo(page, "Train");
    await page
      .getByRole("img", { name: "Learning curve" })
      .or(page.locator('svg[aria-label="Learning curve"]'))
      .first()
      .waitFor();
    const { rounds } = await stored(page);
    expect(rounds).toBeGreaterThanOrEqual(5);
    expect(
      await page
        .locator(
          'svg[aria-label="Learning curve"] circle, svg[aria-label="Learning curve"] [marker-start], svg[aria-label="Learning curve"] path',
        )
        .count(),
    ).toBeGreaterThan(0);
    await page.getByRole("region", { name: "Confusion matrix" }).waitFor();
  });

  it("has every acknowledged label after the browser was killed in the middle", async () => {
    const { page } = browser;
    await waitForQuestion(page);
    answered.push(...(await answerTruly(page, items!, classes, 10)));
    // One more key whose answer nobody waits for: it may be there afterwards or not.
    await page.keyboard.press(keyOf(classes, classes[0]!));
    killBrowser(profile);
    await browser.close().catch(() => undefined);

    browser = await openBrowser({ profile, url: app.url });
    await browser.page.getByRole("link", { name: /Photos/ }).click();
    await waitForQuestion(browser.page);
    const labels = await storedLabels(browser.page);
    for (const { itemId, className } of answered) expect(labels.get(itemId)).toBe(className);
    expect(labels.size - answered.length).toBeLessThanOrEqual(1);
    await browser.page.getByText(`${labels.size} of 500`).waitFor();
  });

  it("exports labels and folders that other programs read back right", async () => {
    const { page } = browser;
    const labels = await storedLabels(page);
    await goTo(page, "Export");

    const csv = readFileSync(await download(page, "Table of labels (CSV)"), "utf8");
    const rows = Papa.parse<Record<string, string>>(csv.replace(/^\uFEFF/, ""), {
      header: true,
      skipEmptyLines: true,
    }).data;
    expect(rows).toHaveLength(500);
    expect(
      new Map(
        rows.filter(({ status }) => status === "labelled").map((row) => [row["askwell_item"], row["label"]]),
      ),
    ).toEqual(labels);

    const jsonl = readFileSync(await download(page, "Labels as JSON Lines"), "utf8");
    const records = jsonl
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { label: string | null });
    expect(records).toHaveLength(500);
    expect(records.filter(({ label }) => label !== null)).toHaveLength(labels.size);

    const entries = await readZip(await download(page, "Folders by class (zip)"));
    const images = [...entries].filter(([path]) => path.endsWith(".jpg"));
    expect(images).toHaveLength(labels.size);
    for (const [path, bytes] of images) expect(labels.get(itemIdOf(bytes))).toBe(path.split("/").at(-2));
  });

  it("exports a model that TensorFlow.js runs, with the app's own probabilities", async () => {
    const { page } = browser;
    const entries = await readZip(await download(page, "Trained model (TensorFlow.js)"));
    expect([...entries.keys()].sort()).toEqual(["README.md", "metadata.json", "model.json", "weights.bin"]);
    const { embeddings, probabilities, classNames } = await predictWithStored(page);
    const metadata = JSON.parse(new TextDecoder().decode(entries.get("metadata.json"))) as {
      classes: string[];
    };
    expect(metadata.classes).toEqual(classNames);
    const found = await predictWithExport(entries, embeddings);
    expect(found).toHaveLength(probabilities.length);
    const worst = Math.max(...found.map((value, at) => Math.abs(value - probabilities[at]!)));
    expect(worst).toBeLessThan(1e-4);
  });

  it("asked no other origin for anything, and works with the network cut", async () => {
    const { page, context } = browser;
    expect(browser.requestCount()).toBeGreaterThan(10);
    expect(browser.foreignRequests(app.url)).toEqual([]);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    // Workers take their policy from the response they came in, so that must carry it whoever serves it.
    const policies = await page.evaluate(async () => {
      const workers = performance
        .getEntriesByType("resource")
        .map(({ name }) => name)
        .filter((name) => name.includes(".worker-"));
      return Promise.all(
        workers.map(async (name) => (await fetch(name)).headers.get("Content-Security-Policy")),
      );
    });
    expect(policies.length).toBeGreaterThan(0);
    for (const policy of policies) expect(policy).toContain("default-src 'none'");
    await context.setOffline(true);
    await app.close();
    await page.reload();
    await waitForQuestion(page);
    await page.getByText("of 500").first().waitFor();
    browser.assertQuiet();
  });
});
