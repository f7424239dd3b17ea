// The bytes of an item out of a bundle, taken only where they have the hash the item is known by. Thumbnails have no
// hash that anybody but the maker of the bundle vouches for, so they are made again from those bytes.

import type { Bundle } from "../../src/formats/bundle/read";
import { sha256 } from "../../src/formats/bundle/hash";
import type { BundledItem } from "../../src/formats/bundle/records";
import { prepareImage, UnusableImage, type PreparedImage } from "../importing/prepare-image";

export interface BundledBytes {
  /** null where they are missing or not what they should be. */
  readonly bytes: ArrayBuffer | null;
  readonly thumbnail: { readonly type: string; readonly bytes: ArrayBuffer } | null;
}

export async function bundledBytes(bundle: Bundle, item: BundledItem): Promise<BundledBytes> {
  if (item.kind === "text") {
    const bytes = item.text === null ? null : new TextEncoder().encode(item.text);
    const isRight = bytes !== null && (await sha256(bytes)) === item.itemId;
    return { bytes: isRight ? exactly(bytes) : null, thumbnail: null };
  }
  const found = await bundle.content(item.itemId);
  const bytes = found && exactly(found);
  return { bytes, thumbnail: bytes && (await thumbnailOf(item, bytes)) };
}

/** null where the image is small enough to go without, or cannot be decoded, which whoever looks at it is told. */
async function thumbnailOf({ path }: BundledItem, bytes: ArrayBuffer): Promise<PreparedImage["thumbnail"]> {
  try {
    return (await prepareImage(path, bytes)).thumbnail;
  } catch (error) {
    if (error instanceof UnusableImage) return null;
    throw error;
  }
}

/** An array may be a window on a larger buffer, and storage keeps whole buffers. */
function exactly({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}
