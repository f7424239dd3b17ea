// Makes what the scale benchmark feeds the app, seeded: a folder of images from 32 pixels to 12 megapixels,
// mostly small, and a table of texts. Four classes that a model can tell apart.

import { createWriteStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { createRandom, type Random } from "../../../src/core/random";

/** Shares of the sizes: photos of a phone are rare among crops and thumbnails. */
const sizes = [
  { share: 0.7, width: 32, height: 32 },
  { share: 0.2, width: 96, height: 96 },
  { share: 0.08, width: 320, height: 240 },
  { share: 0.018, width: 1280, height: 960 },
  { share: 0.002, width: 4000, height: 3000 },
] as const;
const filesInFolder = 2000;
const colors = [
  [190, 60, 50],
  [60, 150, 70],
  [50, 80, 190],
  [200, 180, 60],
] as const;

/** A folder of `count` PNGs, `part-0/0.png` and on; made once and kept. Returns where it lies. */
export function makeImages(root: string, count: number): string {
  const folder = join(root, `images-${count}`);
  if (existsSync(join(folder, "complete"))) return join(folder, "images");
  const random = createRandom(1).fork("images");
  // Large ones share their pixels, because making and packing them anew would take longer than the test.
  const large = new Map<number, Buffer>();
  for (let number = 0; number < count; number++) {
    const part = join(folder, "images", `part-${Math.floor(number / filesInFolder)}`);
    if (number % filesInFolder === 0) mkdirSync(part, { recursive: true });
    writeFileSync(join(part, `${number}.png`), drawImage(number, random, large));
  }
  writeFileSync(join(folder, "complete"), "");
  return join(folder, "images");
}

function drawImage(number: number, random: Random, large: Map<number, Buffer>): Buffer {
  let left = random.next();
  const size = sizes.find(({ share }) => (left -= share) < 0) ?? sizes[0];
  const { width, height } = size;
  const color = colors[number % colors.length]!;
  const draw = () => deflateSync(drawPixels(width, height, color, random), { level: 1 });
  if (width < 1000) return encodePng(width, height, draw(), number);
  const key = width * colors.length + (number % colors.length);
  const packed = large.get(key) ?? draw();
  large.set(key, packed);
  return encodePng(width, height, packed, number);
}

/** Stripes of the class's colour with noise in every eighth pixel, so that files compress as drawings do. */
function drawPixels(width: number, height: number, color: readonly number[], random: Random): Buffer {
  const raw = Buffer.alloc(height * (1 + width * 3));
  const period = 3 + random.integer(9);
  for (let y = 0, at = 0; y < height; y++) {
    at += 1;
    for (let x = 0; x < width; x++) {
      const bright = ((x + y) / period) % 2 < 1 ? 1 : 0.6;
      const noise = x % 8 === 0 ? random.integer(40) : 0;
      for (const channel of color) raw[at++] = Math.min(255, channel * bright + noise);
    }
  }
  return raw;
}

function encodePng(width: number, height: number, packed: Buffer, number: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = 2;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    // Makes the bytes of each file its own.
    chunk("tEXt", Buffer.from(`Comment\0image ${number}`, "latin1")),
    chunk("IDAT", packed),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

const vocabulary = 4000;
const wordsOfClass = 60;

/** A CSV with `count` different short texts; made once and kept. Returns where it lies. */
export async function makeTexts(root: string, count: number): Promise<string> {
  const path = join(root, `texts-${count}.csv`);
  if (existsSync(`${path}.complete`)) return path;
  mkdirSync(root, { recursive: true });
  const random = createRandom(2).fork("texts");
  const words = Array.from({ length: vocabulary }, () => makeWord(random));
  const out = createWriteStream(path);
  out.write("id,text\n");
  for (let row = 0; row < count; row++) {
    const offset = (row % colors.length) * wordsOfClass;
    const text = Array.from({ length: 8 + random.integer(14) }, (_, place) =>
      // Squared, so that few words are frequent, as in any language.
      place % 4 === 0
        ? words[offset + random.integer(wordsOfClass)]
        : words[Math.floor(random.next() ** 2 * vocabulary)],
    ).join(" ");
    if (!out.write(`${row},${text} ${row}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
  writeFileSync(`${path}.complete`, "");
  return path;
}

function makeWord(random: Random): string {
  const syllables = 1 + random.integer(3);
  return Array.from(
    { length: syllables },
    () => "bdfgklmnprstvz"[random.integer(14)]! + "aeiou"[random.integer(5)]!,
  ).join("");
}
