// The bytes of an item out of a bundle, taken only where they have the hash the item is known by.

import type { Bundle } from "../../src/formats/bundle/read";
import { sha256 } from "../../src/formats/bundle/hash";
import type { BundledItem } from "../../src/formats/bundle/records";

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
  const bytes = await bundle.content(item.itemId);
  const small = item.thumbnail === null ? null : await bundle.thumbnail(item.itemId);
  return {
    bytes: bytes && exactly(bytes),
    thumbnail: small && { type: item.thumbnail!, bytes: exactly(small) },
  };
}

/** An array may be a window on a larger buffer, and storage keeps whole buffers. */
function exactly({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}
