// Makes image files for the tests, sound and broken ones, without keeping any in the repository.

import { randomBytes } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright";
import type { ImageInput } from "../../../workers/encoders/encoder";

/** A PNG of one colour; different numbers give different bytes and, but for every 2²⁴th, another colour. */
export function png(number: number, side = 16): Buffer {
  const color = [number & 255, (number >> 8) & 255, (number >> 16) & 255];
  const row = Buffer.from([0, ...Array.from({ length: side }, () => color).flat()]);
  return encode(side, side, 8, 2, Buffer.concat(Array.from({ length: side }, () => row)));
}

/** These pixels as a PNG, without their alpha. */
export function pngOf({ pixels, width, height }: ImageInput): Buffer {
  const raw = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let color = 0; color < 3; color++)
        raw[y * (1 + width * 3) + 1 + x * 3 + color] = pixels[(y * width + x) * 4 + color]!;
  return encode(width, height, 8, 2, raw);
}

/** Sound, small as a file, and far too large to decode: one bit a pixel, all of them black. */
export function hugePng(side: number): Buffer {
  return encode(side, side, 1, 0, Buffer.alloc(side * (1 + Math.ceil(side / 8))));
}

/** A PNG of noise, which takes the room it seems to take: three bytes a pixel. */
export function noisyPng(side: number): Buffer {
  return encode(side, side, 8, 2, Buffer.concat(Array.from({ length: side }, () => noisyRow(side))));
}

function noisyRow(side: number): Buffer {
  const row = randomBytes(1 + side * 3);
  row[0] = 0;
  return row;
}

/** A JPEG of noise, as the browser makes it. */
export async function jpeg(page: Page, side = 128): Promise<Buffer> {
  const base64 = await page.evaluate((size) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    const context = canvas.getContext("2d")!;
    const pixels = context.createImageData(size, size);
    for (let at = 0; at < pixels.data.length; at++) pixels.data[at] = at % 4 === 3 ? 255 : (at * 7919) % 251;
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL("image/jpeg", 0.9).split(",")[1]!;
  }, side);
  return Buffer.from(base64, "base64");
}

function encode(width: number, height: number, bits: number, colorType: number, raw: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  header[9] = colorType;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...parts]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
