// Decides whether bytes are an image this app can show, and makes the thumbnail. Size is read from the
// header first, so that a huge picture is refused before it is decoded.

import { describeMismatch, fileHeadBytes, recognise } from "../../src/formats/file-type";
import { imageSize } from "../../src/formats/image-size";

/** The image cannot go in; the message is the sentence for the person. */
export class UnusableImage extends Error {
  override readonly name = "UnusableImage";
}

export interface PreparedImage {
  readonly type: string;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  readonly thumbnail: { readonly type: string; readonly bytes: ArrayBuffer } | null;
}

/** Decoded, 100 megapixels take 400 MB: about what a tab can spare for one picture. */
const maxPixels = 100_000_000;
/** Longest side of a thumbnail: a filmstrip at double density, and enough for the built-in encoder. */
export const thumbnailSide = 256;

/** @throws UnusableImage */
export async function prepareImage(path: string, bytes: ArrayBuffer): Promise<PreparedImage> {
  const head = new Uint8Array(bytes, 0, Math.min(bytes.byteLength, fileHeadBytes));
  const fault = describeMismatch(path, head);
  if (fault) throw new UnusableImage(fault);
  const found = recognise(head);
  if (found?.kind !== "image")
    throw new UnusableImage(`${path} is ${found?.label ?? "no image"}, not an image; it was left out.`);
  refuseHuge(path, imageSize(head));
  const bitmap = await decode(path, new Blob([bytes], { type: found.mime }));
  try {
    const { width, height } = bitmap;
    refuseHuge(path, bitmap);
    const thumbnail = Math.max(width, height) > thumbnailSide ? await shrink(bitmap) : null;
    return { type: found.mime, width, height, thumbnail };
  } finally {
    bitmap.close();
  }
}

function refuseHuge(path: string, size: { readonly width: number; readonly height: number } | null): void {
  if (!size || size.width * size.height <= maxPixels) return;
  const { width, height } = size;
  throw new UnusableImage(
    `${path} has ${width.toLocaleString("en")} × ${height.toLocaleString("en")} pixels, more than the 100 megapixels a browser can hold; it was left out. Scale it down first.`,
  );
}

async function decode(path: string, blob: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image" });
  } catch (error) {
    // The browser says no more than that; its only other failure is running out of memory.
    throw new UnusableImage(
      `${path} is damaged or cut off: the browser cannot decode it; it was left out. Copy it again from where it came.`,
      { cause: error },
    );
  }
}

async function shrink(bitmap: ImageBitmap): Promise<{ type: string; bytes: ArrayBuffer }> {
  const scale = thumbnailSide / Math.max(bitmap.width, bitmap.height);
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  );
  const context = canvas.getContext("2d")!;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  // WebP keeps transparency at a fraction of PNG's size; a browser that cannot write it gives PNG.
  const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.9 });
  return { type: blob.type, bytes: await blob.arrayBuffer() };
}
