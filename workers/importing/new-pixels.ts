// The pixels of an image that is not stored, seen as a stored one is: from its thumbnail where that is enough, so that
// the same image always gives the same embedding.

import { decodePixels } from "../decode-pixels";
import type { ImageInput } from "../encoders/encoder";
import { prepareImage, thumbnailSide } from "./prepare-image";

/**
 * @param maxSide the image is scaled down to fit a square of that many pixels.
 * @throws UnusableImage
 */
export async function newPixels(path: string, bytes: ArrayBuffer, maxSide: number): Promise<ImageInput> {
  const { type, width, height, thumbnail } = await prepareImage(path, bytes);
  const isEnough = Math.max(width, height) > thumbnailSide && maxSide <= thumbnailSide;
  const seen = thumbnail && isEnough ? thumbnail : { bytes, type };
  return decodePixels(new Blob([seen.bytes], { type: seen.type }), maxSide);
}
