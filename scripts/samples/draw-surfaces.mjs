// Draws the "Surface inspection" sample and writes its zip and truth. Run by hand: node scripts/samples/draw-surfaces.mjs
// The pixels follow from the seed alone; the file bytes also depend on Chromium's encoder, so outputs are committed.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { chromium } from "playwright";
import { runnerImport } from "vite";
import { chromiumFlags, findChromium } from "../chromium.mjs";
import { dent, scratch, stain } from "./surfaces/defects.mjs";
import { addDistractors } from "./surfaces/distractors.mjs";
import { layMaterial } from "./surfaces/material.mjs";
import { between } from "./surfaces/noise.mjs";
import { createPart, sizePx } from "./surfaces/part.mjs";
import { photograph } from "./surfaces/photograph.mjs";

const seed = 20261121;
const counts = { good: 264, scratch: 96, stain: 72, dent: 48 };
// About two in a hundred could be argued either way.
const ambiguousCount = 10;
const quality = 0.9;
const out = fileURLToPath(new URL("../../public/samples/surface/", import.meta.url));

const root = fileURLToPath(new URL("../../", import.meta.url));
const { module: core } = await runnerImport(`${root}src/core/random.ts`, { root, configFile: false });
const random = core.createRandom(seed);

const labels = random.shuffle(Object.entries(counts).flatMap(([label, count]) => Array(count).fill(label)));
const faulty = labels.flatMap((label, row) => (label === "good" ? [] : [row]));
const ambiguous = new Set(random.sample(faulty.length, ambiguousCount).map((place) => faulty[place]));

/** Pixels of one picture; everything about it hangs on its own fork, so changing one leaves the others alone. */
function draw(row, label) {
  const own = random.fork(`picture ${row}`);
  const part = createPart();
  const material = layMaterial(part, own.fork("material"));
  addDistractors(part, material, own.fork("distractors"));
  const hard = ambiguous.has(row);
  const luck = own.fork("severity");
  const mixed = hard && luck.next() < 0.4;
  const severity = mixed
    ? between(luck, 0.5, 0.7)
    : hard
      ? between(luck, 0, 0.08)
      : luck.next() < 0.08
        ? between(luck, 0.15, 0.35)
        : between(luck, 0.5, 1);
  const faults = { scratch, stain, dent };
  faults[label]?.(part, material, own.fork("fault"), severity);
  // Some of the ambiguous ones are arguable in kind rather than faint.
  if (mixed) faults[label === "dent" ? "scratch" : "dent"](part, material, own.fork("other"), 0.12);
  return photograph(part, material, own.fork("camera"));
}

async function encode(page, pixels) {
  const base64 = await page.evaluate(
    async ([bytes, side, quality]) => {
      const raw = Uint8ClampedArray.from(atob(bytes), (character) => character.charCodeAt(0));
      const canvas = new OffscreenCanvas(side, side);
      canvas.getContext("2d").putImageData(new ImageData(raw, side, side), 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/webp", quality });
      return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
    },
    [Buffer.from(pixels).toString("base64"), sizePx, quality],
  );
  return bareFrame(Buffer.from(base64, "base64"));
}

/** Chromium adds an sRGB profile, a sixth of such a small file, which says only what is assumed without it. */
function bareFrame(webp) {
  for (let at = 12; at < webp.length;) {
    const chunkBytes = 8 + webp.readUInt32LE(at + 4);
    if (webp.toString("latin1", at, at + 4) === "VP8 ") {
      const padded = chunkBytes + (chunkBytes % 2);
      const header = Buffer.from("RIFF0000WEBP", "latin1");
      header.writeUInt32LE(4 + padded, 4);
      return Buffer.concat([header, webp.subarray(at, at + padded)]);
    }
    at += chunkBytes + (chunkBytes % 2);
  }
  throw new Error("Chromium returned a WebP file without a lossy frame.");
}

const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: chromiumFlags });
const page = await browser.newPage();
// Pictures are compressed already; a fixed date keeps the zip the same from run to run.
const zip = new ZipWriter(new Uint8ArrayWriter(), {
  level: 0,
  lastModDate: new Date(2026, 0, 1),
  extendedTimestamp: false,
});
let truth = "file,label\n";
for (const [row, label] of labels.entries()) {
  const file = `images/${String(row + 1).padStart(4, "0")}.webp`;
  await zip.add(file, new Uint8ArrayReader(await encode(page, draw(row, label))));
  truth += `${file},${label}\n`;
  if ((row + 1) % 60 === 0) console.log(`${row + 1} of ${labels.length} drawn`);
}
await browser.close();
const bytes = await zip.close();
mkdirSync(out, { recursive: true });
writeFileSync(`${out}surface.zip`, bytes);
writeFileSync(`${out}truth.csv`, truth);
console.log(`surface.zip: ${bytes.length} bytes`);
