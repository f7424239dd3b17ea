// Decodes image files for the encoder tests. Node has no decoder, so a browser page does it, as in the app.

import { chromium } from "playwright";
import { chromiumFlags, findChromium } from "../../scripts/chromium.mjs";
import type { ImageInput } from "../../workers/encoders/encoder";
import type { Example } from "./probe";

const executablePath = findChromium();
export const canDecode = executablePath !== null;
if (!canDecode) console.warn("Skipped: no Chromium to decode images with.");

/** Scaled down to fit a square of `maxSide`, as encoders are given them. */
export async function decodeImages(
  files: readonly Example<Uint8Array>[],
  maxSide: number,
): Promise<Example<ImageInput>[]> {
  const browser = await chromium.launch({ executablePath: executablePath!, args: chromiumFlags });
  try {
    const page = await browser.newPage();
    const encoded = files.map(({ input }) => Buffer.from(input).toString("base64"));
    const decoded = await page.evaluate(pixelsOf, { files: encoded, maxSide });
    return decoded.map(({ width, height, pixels }, at) => ({
      input: { width, height, pixels: new Uint8ClampedArray(Buffer.from(pixels, "base64")) },
      label: files[at]!.label,
    }));
  } finally {
    await browser.close();
  }
}

/** Runs in the page; only strings cross between it and Node. */
async function pixelsOf({ files, maxSide }: { files: readonly string[]; maxSide: number }) {
  const decoded: { width: number; height: number; pixels: string }[] = [];
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const scale = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    let pixels = "";
    for (let at = 0; at < data.length; at += 4096)
      pixels += String.fromCharCode(...data.subarray(at, at + 4096));
    decoded.push({ width, height, pixels: btoa(pixels) });
  }
  return decoded;
}
