// Reads a stored item as an encoder wants it: the text, or the pixels at the encoder's size.

import type { Item } from "../src/core/item";
import type { Database } from "../src/storage/database";
import { contentOf, loadThumbnail, textsOf } from "../src/storage/item-store";
import { decodePixels } from "./decode-pixels";
import type { Encoder, ImageInput } from "./encoders/encoder";
import { thumbnailSide } from "./importing/prepare-image";

export type Input = ImageInput | string;

/** In the order of the items; null where the stored bytes are gone or cannot be decoded. */
export async function* readInputs(
  database: Database,
  encoder: Encoder,
  items: readonly Item[],
): AsyncGenerator<Input | null> {
  if (encoder.kind === "text") yield* await textsOf(database, items);
  // One at a time: decoded pictures take far more memory than texts.
  else for (const item of items) yield await readPixels(database, item, encoder.maxSide);
}

/** An image item's pixels, scaled down to fit a square of maxSide; null as above. */
export async function readPixels(
  database: Database,
  item: Item,
  maxSide: number,
): Promise<ImageInput | null> {
  // The thumbnail is enough for small encoders, and saves decoding a large photo a second time.
  const small = await loadThumbnail(database, item.projectId, item.itemId);
  const source =
    small && Math.max(item.width, item.height) > thumbnailSide && maxSide <= thumbnailSide
      ? small
      : { bytes: await contentOf(database, item), type: item.type };
  if (!source.bytes) return null;
  try {
    return await decodePixels(new Blob([source.bytes], { type: source.type }), maxSide);
  } catch {
    // The caller names the item as unreadable.
    return null;
  }
}
