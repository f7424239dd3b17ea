// Items with their bytes and thumbnails. Rows are given out inside the transaction that stores the item, so
// several import workers can add at once and no row is ever used twice.

import type { AnswerEvent } from "../core/event";
import type { ItemId, ProjectId, Row } from "../core/ids";
import type { Item } from "../core/item";
import { commit, projectRange, writeAll, type Database } from "./database";
import type { Content, Thumbnail } from "./schema";

export interface NewItem {
  readonly item: Omit<Item, "row">;
  readonly bytes: ArrayBuffer;
  readonly thumbnail: { readonly type: string; readonly bytes: ArrayBuffer } | null;
  /** The label that came with it, stored together with the item or not at all. */
  readonly label: AnswerEvent | null;
}

export interface AddedItems {
  readonly added: number;
  readonly labels: number;
  /** Those whose bytes were there already: its path, and the path of the item that stays. */
  readonly duplicates: readonly { readonly path: string; readonly of: string }[];
}

/** All or nothing for the batch. @throws StorageFull */
export async function addItems(
  database: Database,
  projectId: ProjectId,
  batch: readonly NewItem[],
): Promise<AddedItems> {
  // Labels are events, and events are only said to be saved once the disk has them.
  const durability = batch.some(({ label }) => label) ? "strict" : "relaxed";
  const transaction = database.transaction(["items", "contents", "thumbnails", "events"], "readwrite", {
    durability,
  });
  const items = transaction.objectStore("items");
  const duplicates: { path: string; of: string }[] = [];
  let added = 0;
  let labels = 0;
  await commit(transaction, async () => {
    let row = await nextRow(projectId, items);
    for (const { item, bytes, thumbnail, label } of batch) {
      const { itemId } = item;
      const twin = await items.index("byHash").get([projectId, itemId]);
      if (twin) {
        duplicates.push({ path: item.path, of: twin.path });
        continue;
      }
      const writes: (() => Promise<unknown>)[] = [
        () => items.add({ ...item, row: row++ }),
        () => transaction.objectStore("contents").put({ projectId, itemId, bytes }),
      ];
      if (thumbnail)
        writes.push(async () =>
          transaction.objectStore("thumbnails").put({ projectId, itemId, ...thumbnail }),
        );
      if (label) writes.push(() => transaction.objectStore("events").add(label));
      await writeAll(writes);
      added += 1;
      if (label) labels += 1;
    }
  });
  return { added, labels, duplicates };
}

type ItemsInTransaction = {
  openKeyCursor(range: IDBKeyRange, direction: "prev"): Promise<{ readonly key: [ProjectId, Row] } | null>;
};

async function nextRow(projectId: ProjectId, items: ItemsInTransaction): Promise<Row> {
  const last = await items.openKeyCursor(projectRange(projectId), "prev");
  return last ? last.key[1] + 1 : 0;
}

export async function countItems(database: Database, projectId: ProjectId): Promise<number> {
  return database.count("items", projectRange(projectId));
}

/** Items of rows `from` … `to` − 1, in order. */
export async function loadItems(
  database: Database,
  projectId: ProjectId,
  from: Row,
  to: Row,
): Promise<Item[]> {
  if (to <= from) return [];
  return database.getAll("items", IDBKeyRange.bound([projectId, from], [projectId, to - 1]));
}

export async function loadItem(database: Database, projectId: ProjectId, row: Row): Promise<Item | null> {
  return (await database.get("items", [projectId, row])) ?? null;
}

export async function loadContent(
  database: Database,
  projectId: ProjectId,
  itemId: ItemId,
): Promise<Content | null> {
  return (await database.get("contents", [projectId, itemId])) ?? null;
}

export async function loadThumbnail(
  database: Database,
  projectId: ProjectId,
  itemId: ItemId,
): Promise<Thumbnail | null> {
  return (await database.get("thumbnails", [projectId, itemId])) ?? null;
}
