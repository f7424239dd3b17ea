// One image or text as the project knows it. Bytes and thumbnails lie in stores of their own, so that a list
// of items stays small.

import type { ItemId, ProjectId, Row } from "./ids";
import type { ItemKind } from "./project";

export interface Item {
  readonly projectId: ProjectId;
  readonly itemId: ItemId;
  readonly row: Row;
  readonly kind: ItemKind;
  /** File name, or "line 12" for a text without one. */
  readonly name: string;
  /** Where it came from: `folder/sub/photo.jpg`, `archive.zip/a/b.png`, `tickets.csv`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** MIME type of the bytes; `text/plain` for texts. */
  readonly type: string;
  /** Pixels, upright; 0 for texts. */
  readonly width: number;
  readonly height: number;
  /** Class name that came with the data, from a folder or a column. Only a label if the person said so. */
  readonly given: string | null;
  readonly addedAt: number;
  /** The text itself where it is short; of longer ones, and of items that older pages stored, it lies apart. */
  readonly text?: string;
}
