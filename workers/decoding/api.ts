// The wire between the embedder and its decoders.

import type { Item } from "../../src/core/item";
import type { ImageInput } from "../encoders/encoder";

/** What a decoder is asked for: an image item's pixels, scaled down to fit a square. */
export interface DecodeJob {
  readonly id: number;
  readonly item: Item;
  readonly maxSide: number;
}

export type Decoded =
  /** null where the stored bytes are gone or cannot be decoded. */
  | { readonly id: number; readonly image: ImageInput | null }
  /** Reading failed, which says nothing about the item. */
  | { readonly id: number; readonly fault: string };
