// Image files for the importer's tests: drawn and encoded by the browser, or written byte by byte.

import { images } from "../../formats/images";

export type Drawn = "image/jpeg" | "image/png" | "image/webp";

/** A picture unlike any other of another `shade`, red on its left half. */
export async function draw(
  type: Drawn,
  width: number,
  height: number,
  shade = 0,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.fillStyle = `rgb(0 ${shade} 200)`;
  context.fillRect(0, 0, width, height);
  context.fillStyle = `rgb(255 0 ${shade})`;
  context.fillRect(0, 0, width / 2, height);
  const blob = await canvas.convertToBlob({ type, quality: 0.9 });
  if (blob.type !== type) throw new Error(`This browser cannot write ${type}.`);
  return new Uint8Array(await blob.arrayBuffer());
}

/** 37 × 23 pixels. */
export function stored(name: keyof typeof images): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(images[name]), (letter) => letter.charCodeAt(0));
}

/** The JPEG with an EXIF segment that says how to turn it; 6 is a quarter turn to the right. */
export function turned(jpeg: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = [
    // Big-endian, directory at 8, of one entry: tag 0x0112, a short, one of it; no further directory.
    ...[0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ];
  const exif = [...new TextEncoder().encode("Exif"), 0, 0, ...tiff];
  const length = exif.length + 2;
  return Uint8Array.from([
    ...jpeg.subarray(0, 2),
    0xff,
    0xe1,
    length >> 8,
    length & 255,
    ...exif,
    ...jpeg.subarray(2),
  ]);
}

/** A PNG that claims to be huge in its header, which is all there is of it. */
export function hugePng(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8192);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  bytes.set(new TextEncoder().encode("IHDR"), 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 2, 0, 0, 0], 24);
  return bytes;
}

export function fileOf(name: string, bytes: BlobPart): File {
  return new File([bytes], name.slice(name.lastIndexOf("/") + 1));
}
