// Items with their bytes and thumbnails. Rows are given out inside the transaction that stores the item, so
// several import workers can add at once and no row is ever used twice.

import type { AnswerEvent } from "../core/event";
import type { ItemId, ProjectId, Row } from "../core/ids";
import type { Item } from "../core/item";
import { hashWords, packItemIds } from "../core/item-index";
import { commit, projectRange, writeAll, type Database } from "./database";
import type { Content, Thumbnail } from "./schema";

export interface NewItem {
  readonly item: Omit<Item, "row">;
  readonly bytes: ArrayBuffer;
  readonly thumbnail: { readonly type: string; readonly bytes: ArrayBuffer } | null;
  /** The label that came with it, stored together with the item or not at all. */
  readonly label: AnswerEvent | null;
  /** Answers that came with it and that `label` is newer than, oldest first. */
  readonly earlier?: readonly AnswerEvent[];
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
  const transaction = database.transaction(
    ["items", "itemHashes", "contents", "thumbnails", "events"],
    "readwrite",
    { durability },
  );
  const items = transaction.objectStore("items");
  return commit(transaction, async () => {
    // All look-ups at once, then all writes at once: a request that waits for the one before costs the most.
    const byHash = items.index("byHash");
    const [next, ...stored] = await Promise.all([
      nextRow(projectId, items),
      ...batch.map(({ item }) => byHash.get([projectId, item.itemId])),
    ]);
    const { fresh, duplicates } = sortOut(batch, stored);
    if (fresh.length === 0) return { added: 0, labels: 0, duplicates };
    const column = { projectId, firstRow: next, hashes: packItemIds(fresh.map(idOf)).buffer };
    await writeAll([
      ...fresh.flatMap(({ item, bytes, thumbnail, label, earlier = [] }, at) => {
        const { itemId } = item;
        const writes: (() => Promise<unknown>)[] = [
          () => items.add({ ...item, row: next + at }),
          () => transaction.objectStore("contents").put({ projectId, itemId, bytes }),
        ];
        if (thumbnail) {
          writes.push(() => transaction.objectStore("thumbnails").put({ projectId, itemId, ...thumbnail }));
        }
        for (const event of label ? [...earlier, label] : [])
          writes.push(() => transaction.objectStore("events").add(event));
        return writes;
      }),
      () => transaction.objectStore("itemHashes").put(column),
    ]);
    return { added: fresh.length, labels: fresh.filter(({ label }) => label).length, duplicates };
  });
}

/** Takes out what is stored already and what stands twice in the batch. */
function sortOut(
  batch: readonly NewItem[],
  stored: readonly (Item | undefined)[],
): { readonly fresh: NewItem[]; readonly duplicates: AddedItems["duplicates"] } {
  const paths = new Map<ItemId, string>();
  const fresh: NewItem[] = [];
  const duplicates: { path: string; of: string }[] = [];
  for (const [at, one] of batch.entries()) {
    const { itemId, path } = one.item;
    const twin = stored[at]?.path ?? paths.get(itemId);
    if (twin !== undefined) duplicates.push({ path, of: twin });
    else {
      paths.set(itemId, path);
      fresh.push(one);
    }
  }
  return { fresh, duplicates };
}

function idOf({ item }: NewItem): ItemId {
  return item.itemId;
}

type ItemsInTransaction = {
  openKeyCursor(range: IDBKeyRange, direction: "prev"): Promise<{ readonly key: [ProjectId, Row] } | null>;
};

async function nextRow(projectId: ProjectId, items: ItemsInTransaction): Promise<Row> {
  const last = await items.openKeyCursor(projectRange(projectId), "prev");
  return last ? last.key[1] + 1 : 0;
}

/** Rows are given out without gaps, so the last one says it; counting would read every key. */
export async function countItems(database: Database, projectId: ProjectId): Promise<number> {
  return nextRow(projectId, database.transaction("items").store);
}

/**
 * Calls back with the hashes of the rows from `from` to `to` − 1 in pieces, in order, as core/item-index packs
 * them. Rows that an older page stored are read item by item.
 */
export async function loadItemHashes(
  database: Database,
  projectId: ProjectId,
  from: Row,
  to: Row,
  take: (hashes: Uint32Array) => void,
): Promise<void> {
  let row = from;
  while (row < to) {
    const range = IDBKeyRange.bound([projectId, row], [projectId, to - 1]);
    const columns = await database.getAll("itemHashes", range, columnsAtOnce);
    if (columns[0]?.firstRow !== row) {
      const end = Math.min(to, columns[0]?.firstRow ?? to, row + itemsAtOnce);
      const items = await loadItems(database, projectId, row, end);
      if (items.length !== end - row) return;
      take(packItemIds(items.map(({ itemId }) => itemId)));
      row = end;
      continue;
    }
    for (const { firstRow, hashes } of columns) {
      if (firstRow !== row) break;
      const words = new Uint32Array(hashes);
      take(words);
      row += words.length / hashWords;
    }
  }
}

/** Small enough that the page answers keys in between. */
const columnsAtOnce = 200;
const itemsAtOnce = 1000;

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

/** The item with these bytes; null where the project has none. */
export async function findItem(
  database: Database,
  projectId: ProjectId,
  itemId: ItemId,
): Promise<Item | null> {
  return (await database.getFromIndex("items", "byHash", [projectId, itemId])) ?? null;
}

export async function loadContent(
  database: Database,
  projectId: ProjectId,
  itemId: ItemId,
): Promise<Content | null> {
  return (await database.get("contents", [projectId, itemId])) ?? null;
}

/** The bytes of several items in one transaction, which costs a fraction of one each; null where there are none. */
export async function loadContents(
  database: Database,
  projectId: ProjectId,
  itemIds: readonly ItemId[],
): Promise<(Content | null)[]> {
  const { store, done } = database.transaction("contents");
  const found = await Promise.all(itemIds.map((itemId) => store.get([projectId, itemId])));
  await done;
  return found.map((content) => content ?? null);
}

export async function loadThumbnail(
  database: Database,
  projectId: ProjectId,
  itemId: ItemId,
): Promise<Thumbnail | null> {
  return (await database.get("thumbnails", [projectId, itemId])) ?? null;
}
