// A classifier page, opened from disk in a browser without a network: it gives the app's own probabilities under its
// own policy, and nothing is refused or complained about on the way.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Papa from "papaparse";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { scoresFromLogits } from "../../src/core/kernels/scores";
import { modelLogits, type Model } from "../../src/core/learning/model";
import { createRandom } from "../../src/core/random";
import { standaloneScript } from "../../src/engine/standalone-script";
import { exporter } from "../../src/formats/exporters/html-classifier";
import type { EncoderState, ImageInput } from "../../workers/encoders/encoder";
import { defaultEncoder } from "../../workers/encoders/registry";
import { picture } from "../encoders/pictures";
import { sourceOf } from "../formats/export-source";
import { gather } from "../formats/read-all";
import { openBrowser, type OpenBrowser } from "./support/app";
import { pngOf } from "./support/pictures";

const classes = ["cat", "=cmd|' /C calc'!A0", "<b>bird</b>"];
const random = createRandom(5);
let browser: OpenBrowser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "askwell-page-"));
  browser = await openBrowser();
  await browser.context.setOffline(true);
});
afterAll(async () => {
  browser.assertQuiet();
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

function modelOf(dims: number): Model {
  const normals = (count: number) => Float32Array.from({ length: count }, () => 3 * random.normal());
  const layer = {
    dims,
    classes: classes.length,
    weights: normals(dims * classes.length),
    bias: normals(classes.length),
  };
  return { kind: "linear", layer, activation: "softmax" };
}

/** Learns the encoder from the items, writes the page, opens it, and gives what the app would say of each. */
async function open<Input extends string | ImageInput>(kind: "text" | "image", items: readonly Input[]) {
  const encoder = defaultEncoder(kind);
  async function* all() {
    yield* items;
  }
  const state = await (
    encoder.learn as (items: AsyncIterable<Input>, seed: number, stop: null) => Promise<EncoderState>
  )(all(), 1, null);
  const embeddings = await (encoder.encode as (items: readonly Input[], state: EncoderState) => Float32Array)(
    items,
    state,
  );
  const model = modelOf(encoder.dims);
  const source = sourceOf([], {
    projectName: `Forged </title><script>alert(1)</script> ${kind}`,
    head: { model, classes, encoder: { id: encoder.id, version: "1", dims: encoder.dims } },
    standalone: async () => ({ script: await standaloneScript(kind), encoderState: state }),
  });
  const file = join(folder, `${kind}.html`);
  writeFileSync(file, Buffer.from(await (await gather(exporter.write(source, null))).arrayBuffer()));
  await browser.page.goto(pathToFileURL(file).href);
  const { probabilities } = scoresFromLogits(
    modelLogits(model, embeddings, items.length, null),
    items.length,
    classes.length,
    "softmax",
  );
  return probabilities;
}

/** All probabilities, row by row, from the file the page saves. */
async function saved(page: Page, count: number): Promise<number[]> {
  await page.getByText(`${count} classified.`).waitFor();
  expect(await page.getByRole("row").count()).toBe(count + 1);
  const arriving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const csv = readFileSync(await (await arriving).path(), "utf8").replace("\uFEFF", "");
  const [head, ...lines] = Papa.parse<string[]>(csv, { skipEmptyLines: true }).data;
  expect(head).toEqual(["item", "answer", "cat", "'=cmd|' /C calc'!A0", "<b>bird</b>"]);
  return lines.flatMap((line) => line.slice(2).map(Number));
}

function expectSame(found: readonly number[], right: Float32Array): void {
  expect(found).toHaveLength(right.length);
  expect(Math.max(...found.map((value, at) => Math.abs(value - right[at]!)))).toBeLessThan(1e-4);
}

it("classifies texts offline as the app does", async () => {
  const texts = Array.from({ length: 40 }, (_, at) =>
    at % 2 ? `The printer on floor ${at} jams again` : `Please refund order number ${at}`,
  );
  const right = await open("text", texts);
  const { page } = browser;
  await page.getByLabel("Texts, one a line").fill(texts.join("\n"));
  await page.getByRole("button", { name: "Classify" }).click();
  expectSame(await saved(page, texts.length), right);
});

it("classifies images offline as the app does, and names those it cannot read", async () => {
  const images = Array.from({ length: 12 }, (_, number) =>
    picture(24, 20, (x, y) => [
      (x * (number + 3)) % 256,
      (y * 11 * number) % 256,
      (x * y + number * 20) % 256,
    ]),
  );
  const right = await open("image", images);
  const { page } = browser;
  const files = images.map((image, at) => ({
    name: `${at}.png`,
    mimeType: "image/png",
    buffer: pngOf(image),
  }));
  await page.getByLabel(/^Images/).setInputFiles(files);
  expectSame(await saved(page, images.length), right);
  await page
    .getByLabel(/^Images/)
    .setInputFiles([files[0]!, { ...files[1]!, buffer: Buffer.from("no image") }]);
  await page.getByText("2 classified, but for 1 that could not be read.").waitFor();
});
