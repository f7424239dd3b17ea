// Item contents as the page shows them, read ahead and decoded, a few kept. Object URLs are given back when
// a picture leaves the cache.

import type { ItemId } from "../core/ids";
import type { Item } from "../core/item";
import type { Database } from "../storage/database";
import { contentOf, linkedFilesOf, loadThumbnail } from "../storage/item-store";
import { openLinked, type LinkedState } from "../storage/linked-files";

export type Picture =
  | { readonly kind: "image"; readonly url: string; readonly width: number; readonly height: number }
  | { readonly kind: "text"; readonly text: string }
  /** `linked` says what became of a file that was not copied. */
  | { readonly kind: "missing"; readonly linked: Exclude<LinkedState, "there"> | null };

/** The item in view, what comes next and what was just answered. */
const keptPictures = 24;
const keptThumbnails = 120;

const decoder = new TextDecoder();

export class Pictures {
  readonly #database: Database;
  readonly #full = new Map<ItemId, Promise<Picture>>();
  readonly #small = new Map<ItemId, Promise<Picture>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** The item at full size, decoded and ready to paint. */
  full(item: Item): Promise<Picture> {
    return this.#keep(this.#full, keptPictures, item, async () => {
      return this.#open(item, await contentOf(this.#database, item), item.type, true);
    });
  }

  /** The thumbnail, or the item itself where it is small. */
  small(item: Item): Promise<Picture> {
    return this.#keep(this.#small, keptThumbnails, item, async () => {
      const isText = item.kind === "text";
      const thumbnail = isText ? null : await loadThumbnail(this.#database, item.projectId, item.itemId);
      if (thumbnail) return this.#open(item, thumbnail.bytes, thumbnail.type, false);
      return this.#open(item, await contentOf(this.#database, item), item.type, false);
    });
  }

  close(): void {
    for (const cache of [this.#full, this.#small]) {
      for (const picture of cache.values()) void release(picture);
      cache.clear();
    }
  }

  #keep(
    cache: Map<ItemId, Promise<Picture>>,
    limit: number,
    item: Item,
    load: () => Promise<Picture>,
  ): Promise<Picture> {
    const kept = cache.get(item.itemId);
    const picture = kept ?? load();
    // Put last again, so that the first is the one unused for longest.
    cache.delete(item.itemId);
    cache.set(item.itemId, picture);
    if (cache.size > limit) {
      const [oldest, unused] = cache.entries().next().value!;
      cache.delete(oldest);
      void release(unused);
    }
    return picture;
  }

  async #whereabouts(item: Item): Promise<Exclude<LinkedState, "there"> | null> {
    const [file = null] = await linkedFilesOf(this.#database, [item]);
    const state = file && (await openLinked(file)).state;
    // Back by now: it will be there the next time it is shown.
    return state === "there" ? "gone" : state;
  }

  async #open(item: Item, bytes: ArrayBuffer | null, type: string, decode: boolean): Promise<Picture> {
    if (!bytes) return { kind: "missing", linked: await this.#whereabouts(item) };
    if (item.kind === "text") return { kind: "text", text: decoder.decode(bytes) };
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    if (decode) {
      const image = new Image();
      image.src = url;
      // It was decoded once at import; if it fails now the browser shows its broken mark and the name.
      await image.decode().catch(() => undefined);
    }
    return { kind: "image", url, width: item.width, height: item.height };
  }
}

async function release(picture: Promise<Picture>): Promise<void> {
  const opened = await picture;
  if (opened.kind === "image") URL.revokeObjectURL(opened.url);
}
