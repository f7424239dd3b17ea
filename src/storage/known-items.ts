// The hashes that a project has stored, as one importing connection knows them: brought up to date from their
// columns at each batch, so that a new item need not be looked for in the store.

import type { ItemId, ProjectId, Row } from "../core/ids";
import { hashWords, ItemIndex, packItemIds } from "../core/item-index";
import type { Item } from "../core/item";
import type { ItemHashes } from "./schema";

/** What it reads through; any transaction over these two stores. */
interface Reading {
  objectStore(name: "items"): {
    get(key: [ProjectId, Row]): Promise<Item | undefined>;
    getAll(range: IDBKeyRange): Promise<Item[]>;
  };
  objectStore(name: "itemHashes"): { getAll(range: IDBKeyRange): Promise<ItemHashes[]> };
}

export class KnownItems {
  #projectId: ProjectId | null = null;
  #index = new ItemIndex();

  /**
   * Takes in the rows below `total` that it has not seen. To be called at the start of each transaction that adds
   * items, which then sees only what is stored for good.
   */
  async catchUp(projectId: ProjectId, total: Row, transaction: Reading): Promise<void> {
    if (!(await this.#isStill(projectId, total, transaction))) {
      this.#projectId = projectId;
      this.#index = new ItemIndex();
    }
    if (this.#index.length === total) return;
    const range = IDBKeyRange.bound([projectId, this.#index.length], [projectId, total], false, true);
    for (const { firstRow, hashes } of await transaction.objectStore("itemHashes").getAll(range)) {
      await this.#readItems(projectId, firstRow, transaction);
      const words = new Uint32Array(hashes);
      this.#index.append(words.subarray((this.#index.length - firstRow) * hashWords));
    }
    await this.#readItems(projectId, total, transaction);
  }

  /** False where the item is surely not stored; where it may be, the store has the last word. */
  mayHold(itemId: ItemId): boolean {
    return this.#index.rowOf(itemId) !== undefined;
  }

  /** A project may have been deleted and another of the same id opened from a bundle. */
  async #isStill(projectId: ProjectId, total: Row, transaction: Reading): Promise<boolean> {
    const last = this.#index.length - 1;
    if (projectId !== this.#projectId || last >= total) return false;
    if (last < 0) return true;
    const item = await transaction.objectStore("items").get([projectId, last]);
    return item?.itemId === this.#index.idOf(last);
  }

  /** Rows that an older page stored have no column. */
  async #readItems(projectId: ProjectId, to: Row, transaction: Reading): Promise<void> {
    if (this.#index.length >= to) return;
    const range = IDBKeyRange.bound([projectId, this.#index.length], [projectId, to], false, true);
    const items = await transaction.objectStore("items").getAll(range);
    this.#index.append(packItemIds(items.map(({ itemId }) => itemId)));
  }
}
