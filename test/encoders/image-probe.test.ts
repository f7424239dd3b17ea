// How good the image encoder is on real photographs: logistic head, 100 and 500 labels, mean of eight draws.
// Node has no JPEG decoder, so a browser page decodes the files, as the app does.

import { chromium } from "playwright";
import { expect, test } from "vitest";
import { chromiumFlags, findChromium } from "../../scripts/chromium.mjs";
import type { ImageInput } from "../../workers/encoders/encoder";
import { encoder } from "../../workers/encoders/image-statistics";
import { type Example, probe } from "./probe";
import { hasDataSet, readImageFiles } from "./shared-data";

const executablePath = findChromium();
if (!executablePath) console.warn("Skipped: no Chromium to decode images with.");

const name = "cifar10";

test.skipIf(!executablePath || !hasDataSet(name))(
  `${name} is learnt from few labels`,
  { timeout: 180_000 },
  async () => {
    const pool = readImageFiles(name, "train", 200);
    const held = readImageFiles(name, "test", 50);
    const images = await decode([...pool, ...held]);
    const items = { pool: images.slice(0, pool.length), test: images.slice(pool.length) };
    const [few, more] = await probe(encoder, items, [100, 500]);
    console.info(`${name}: ${few!.toFixed(1)}% at 100 labels, ${more!.toFixed(1)}% at 500`);
    // Measured 38.1 and 51.4; raw pixels give 24 and 31.
    expect(few).toBeGreaterThan(35);
    expect(more).toBeGreaterThan(48);
  },
);

async function decode(files: readonly Example<Buffer>[]): Promise<Example<ImageInput>[]> {
  const browser = await chromium.launch({ executablePath: executablePath!, args: chromiumFlags });
  try {
    const page = await browser.newPage();
    const decoded = await page.evaluate(
      pixelsOf,
      files.map(({ input }) => input.toString("base64")),
    );
    return decoded.map(({ width, height, pixels }, at) => ({
      input: { width, height, pixels: new Uint8ClampedArray(Buffer.from(pixels, "base64")) },
      label: files[at]!.label,
    }));
  } finally {
    await browser.close();
  }
}

/** Runs in the page; only strings cross between it and Node. */
async function pixelsOf(files: readonly string[]) {
  const decoded: { width: number; height: number; pixels: string }[] = [];
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let pixels = "";
    for (let at = 0; at < data.length; at += 4096)
      pixels += String.fromCharCode(...data.subarray(at, at + 4096));
    decoded.push({ width, height, pixels: btoa(pixels) });
  }
  return decoded;
}
