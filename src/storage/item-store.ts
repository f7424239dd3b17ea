// Items with their bytes and thumbnails. Rows are given out inside the transaction that stores the item, so
// several import workers can add at once and no row is ever used twice.

import type { AnswerEvent } from "../core/event";
import type { ItemId, ProjectId, Row } from "../core/ids";
import type { Item } from "../core/item";
import { packItemIds } from "../core/item-index";
import { commit, projectRange, writeAll, type Database } from "./database";
import { KnownItems } from "./known-items";
import { readLinked, type LinkedFile } from "./linked-files";
import { throwIfDeleted } from "./project-store";
import type { Content, StoredContent, Thumbnail } from "./schema";

export interface NewItem {
  readonly item: Omit<Item, "row">;
  readonly bytes: ArrayBuffer;
  /** Where the file is, if it stays there and the bytes are not to be copied. */
  readonly file?: LinkedFile;
  readonly thumbnail: { readonly type: string; readonly bytes: ArrayBuffer } | null;
  /** The label that came with it, stored together with the item or not at all. */
  readonly label: AnswerEvent | null;
  /** Answers that came with it and that `label` is newer than, oldest first. */
  readonly earlier?: readonly AnswerEvent[];
}

export interface AddedItems {
  readonly added: number;
  readonly labels: number;
  readonly duplicates: readonly Duplicate[];
}

/** An item whose bytes were there already. */
export interface Duplicate {
  readonly path: string;
  /** The path of the item that stays. */
  readonly of: string;
  /** The answers that came with it, oldest first: about the item that stays, and not stored. */
  readonly answers?: readonly AnswerEvent[];
}

/** Texts up to here lie in the item's own record: writing and reading another one each would take most of the time. */
const inlineBytes = 4096;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a new item where it is short enough to lie with it. */
export function inlineText(item: Pick<Item, "kind">, bytes: ArrayBuffer): { readonly text?: string } {
  return item.kind === "text" && bytes.byteLength <= inlineBytes ? { text: decoder.decode(bytes) } : {};
}

/** What each connection has seen of the hashes that are stored. */
const known = new WeakMap<object, KnownItems>();

function knownTo(database: Database): KnownItems {
  const seen = known.get(database) ?? new KnownItems();
  known.set(database, seen);
  return seen;
}

/** All or nothing for the batch. @throws ProjectDeleted, StorageFull */
export async function addItems(
  database: Database,
  projectId: ProjectId,
  batch: readonly NewItem[],
): Promise<AddedItems> {
  // Labels are events, and events are only said to be saved once the disk has them.
  const durability = batch.some(({ label }) => label) ? "strict" : "relaxed";
  const transaction = database.transaction(
    ["projects", "items", "itemHashes", "contents", "thumbnails", "events"],
    "readwrite",
    { durability },
  );
  const items = transaction.objectStore("items");
  const seen = knownTo(database);
  return commit(transaction, async () => {
    await throwIfDeleted(transaction.objectStore("projects"), projectId);
    const next = await nextRow(projectId, items);
    await seen.catchUp(projectId, next, transaction);
    // Looked up in the columns of hashes first: asking the store about each would cost as much as storing it.
    const byHash = items.index("byHash");
    const stored = await Promise.all(
      batch.map(({ item }) =>
        seen.mayHold(item.itemId) ? byHash.get([projectId, item.itemId]) : Promise.resolve(undefined),
      ),
    );
    const { fresh, duplicates } = sortOut(batch, stored);
    if (fresh.length === 0) return { added: 0, labels: 0, duplicates };
    const column = { projectId, firstRow: next, hashes: packItemIds(fresh.map(idOf)).buffer };
    await writeAll([
      ...fresh.flatMap(({ item, bytes, file, thumbnail, label, earlier = [] }, at) => {
        const { itemId } = item;
        const text = inlineText(item, bytes);
        const writes: (() => Promise<unknown>)[] = [() => items.add({ ...item, ...text, row: next + at })];
        if (text.text === undefined)
          writes.push(() =>
            transaction.objectStore("contents").put({ projectId, itemId, ...(file ? { file } : { bytes }) }),
          );
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
  const duplicates: Duplicate[] = [];
  for (const [at, one] of batch.entries()) {
    const { itemId, path } = one.item;
    const twin = stored[at]?.path ?? paths.get(itemId);
    const { label, earlier = [] } = one;
    if (twin !== undefined)
      duplicates.push({ path, of: twin, ...(label && { answers: [...earlier, label] }) });
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

/**
 * The items with these bytes, null where the project has none. Costs next to nothing for those that are new, which at
 * an import are nearly all.
 */
export async function findItems(
  database: Database,
  projectId: ProjectId,
  itemIds: readonly ItemId[],
): Promise<(Item | null)[]> {
  const transaction = database.transaction(["items", "itemHashes"]);
  const items = transaction.objectStore("items");
  const seen = knownTo(database);
  await seen.catchUp(projectId, await nextRow(projectId, items), transaction);
  const byHash = items.index("byHash");
  return Promise.all(
    itemIds.map(async (itemId) =>
      seen.mayHold(itemId) ? ((await byHash.get([projectId, itemId])) ?? null) : null,
    ),
  );
}

/** The bytes of an item by its hash; null where there are none. */
export async function loadContent(
  database: Database,
  projectId: ProjectId,
  itemId: ItemId,
): Promise<Content | null> {
  return (await loadContents(database, projectId, [itemId]))[0]!;
}

/** The bytes of several items in one transaction, which costs a fraction of one each; null where there are none. */
export async function loadContents(
  database: Database,
  projectId: ProjectId,
  itemIds: readonly ItemId[],
): Promise<(Content | null)[]> {
  const transaction = database.transaction(["contents", "items"]);
  const contents = transaction.objectStore("contents");
  const byHash = transaction.objectStore("items").index("byHash");
  const found = await Promise.all(
    itemIds.map(async (itemId) => {
      const content = await contents.get([projectId, itemId]);
      if (content) return content;
      const text = (await byHash.get([projectId, itemId]))?.text;
      return text === undefined ? null : { projectId, itemId, bytes: encoder.encode(text).buffer };
    }),
  );
  return Promise.all(
    found.map(async (content, at) => {
      const bytes = content && (await bytesOf(content));
      return bytes && { projectId, itemId: itemIds[at]!, bytes };
    }),
  );
}

/** null where the file is not where it was, or not as it was. */
async function bytesOf(content: StoredContent): Promise<ArrayBuffer | null> {
  return content.bytes ?? readLinked(content.file);
}

/** The bytes of an item that was read already, without asking for what its record holds. */
export async function contentOf(database: Database, item: Item): Promise<ArrayBuffer | null> {
  if (item.text !== undefined) return encoder.encode(item.text).buffer;
  const content = await database.get("contents", [item.projectId, item.itemId]);
  return content ? bytesOf(content) : null;
}

/** Where the files of some items are that stay where they are; null for items with bytes of their own. */
export async function linkedFilesOf(
  database: Database,
  items: readonly Item[],
): Promise<(LinkedFile | null)[]> {
  const { store } = database.transaction("contents");
  const found = await Promise.all(items.map(({ projectId, itemId }) => store.get([projectId, itemId])));
  return found.map((content) => (content && !content.bytes ? content.file : null));
}

/** The texts of items that were read already, in their order; null where one has none. */
export async function textsOf(database: Database, items: readonly Item[]): Promise<(string | null)[]> {
  if (items.every(({ text }) => text !== undefined)) return items.map(({ text }) => text!);
  const { store } = database.transaction("contents");
  return Promise.all(
    items.map(async ({ projectId, itemId, text }) => {
      if (text !== undefined) return text;
      const content = await store.get([projectId, itemId]);
      return content?.bytes ? decoder.decode(content.bytes) : null;
    }),
  );
}

/** Items at any rows in one transaction, in the order asked for; null where there is none. */
export async function loadItemsAt(
  database: Database,
  projectId: ProjectId,
  rows: readonly Row[],
): Promise<(Item | null)[]> {
  const { store } = database.transaction("items");
  return Promise.all(rows.map(async (row) => (await store.get([projectId, row])) ?? null));
}

const encoder = new TextEncoder();

export async function loadThumbnail(
  database: Database,
  projectId: ProjectId,
  itemId: ItemId,
): Promise<Thumbnail | null> {
  return (await database.get("thumbnails", [projectId, itemId])) ?? null;
}
