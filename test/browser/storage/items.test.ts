// Items in storage: rows without gaps, duplicates named, batches whole or not at all, also from two tabs.

import { expect, test } from "vitest";
import type { ItemId } from "../../../src/core/ids";
import { ItemIndex } from "../../../src/core/item-index";
import type { Database } from "../../../src/storage/database";
import { loadEvents } from "../../../src/storage/event-store";
import { deleteProject, saveProject } from "../../../src/storage/project-store";
import { loadItemHashes } from "../../../src/storage/item-hashes";
import {
  addItems,
  contentOf,
  countItems,
  findItems,
  loadContent,
  loadContents,
  loadItem,
  loadItems,
  loadItemsAt,
  loadThumbnail,
  textsOf,
  type NewItem,
} from "../../../src/storage/item-store";
import {
  makeEvent,
  makeItem,
  makeProject,
  openFresh,
  openWithProjects,
  projectId,
  unusedName,
} from "../stored";

const project = projectId();

async function rowsOf(database: Database): Promise<[number, string][]> {
  return (await loadItems(database, project, 0, 1000)).map(({ row, name }) => [row, name]);
}

test("rows follow each other over batches, and each project counts for itself", async () => {
  const database = await openWithProjects([project, projectId("other")]);
  expect(await addItems(database, project, [makeItem("a"), makeItem("b")])).toEqual({
    added: 2,
    labels: 0,
    duplicates: [],
  });
  await addItems(database, projectId("other"), [makeItem("z", { project: projectId("other") })]);
  await addItems(database, project, [makeItem("c")]);
  expect(await rowsOf(database)).toEqual([
    [0, "a"],
    [1, "b"],
    [2, "c"],
  ]);
  expect(await countItems(database, project)).toBe(3);
  expect((await loadItem(database, projectId("other"), 0))?.name).toBe("z");
  expect(await loadItem(database, projectId("other"), 1)).toBeNull();
  expect((await loadItems(database, project, 1, 2)).map(({ name }) => name)).toEqual(["b"]);
  expect(await loadItems(database, project, 2, 2)).toEqual([]);
  expect(await addItems(database, project, [])).toEqual({ added: 0, labels: 0, duplicates: [] });
});

test("bytes and thumbnails come back as they went in", async () => {
  const database = await openWithProjects();
  const picture: NewItem = {
    ...makeItem("a"),
    thumbnail: { type: "image/webp", bytes: Uint8Array.of(9, 8, 7).buffer },
  };
  await addItems(database, project, [picture, makeItem("b")]);
  const content = await loadContent(database, project, "a" as ItemId);
  expect(new TextDecoder().decode(content!.bytes)).toBe("a");
  const thumbnail = await loadThumbnail(database, project, "a" as ItemId);
  expect(thumbnail!.type).toBe("image/webp");
  expect([...new Uint8Array(thumbnail!.bytes)]).toEqual([9, 8, 7]);
  expect(await loadThumbnail(database, project, "b" as ItemId)).toBeNull();
  expect(await loadContent(database, projectId("other"), "a" as ItemId)).toBeNull();
});

test("the same bytes again are skipped and the one that stays is named, also within a batch", async () => {
  const database = await openWithProjects();
  const copy = (name: string, path: string): NewItem => {
    const original = makeItem(name);
    return { ...original, item: { ...original.item, path } };
  };
  await addItems(database, project, [makeItem("a")]);
  const added = await addItems(database, project, [
    copy("a", "again/a.txt"),
    makeItem("b"),
    copy("b", "again/b.txt"),
    makeItem("c"),
  ]);
  expect(added).toEqual({
    added: 2,
    labels: 0,
    duplicates: [
      { path: "again/a.txt", of: "texts/a.txt" },
      { path: "again/b.txt", of: "texts/b.txt" },
    ],
  });
  expect(await rowsOf(database)).toEqual([
    [0, "a"],
    [1, "b"],
    [2, "c"],
  ]);
});

test("the label of a skipped duplicate is not stored but given back", async () => {
  const database = await openWithProjects();
  await addItems(database, project, [makeItem("a", { label: makeEvent(1) })]);
  const again = await addItems(database, project, [makeItem("a", { label: makeEvent(2) })]);
  expect(again.labels).toBe(0);
  expect(again.duplicates).toMatchObject([{ of: "texts/a.txt", answers: [makeEvent(2)] }]);
  expect((await loadEvents(database, project)).map(({ id }) => id)).toEqual(["000001"]);
});

const faulty: readonly [string, () => NewItem][] = [
  // The browser refuses the event while it runs the transaction.
  ["an event that is there already", () => makeItem("bad", { label: makeEvent(7) })],
  // The browser refuses the bytes before it makes a request of them.
  [
    "bytes that were given away",
    () => {
      const item = makeItem("bad");
      structuredClone(item.bytes, { transfer: [item.bytes] });
      return { ...item, thumbnail: { type: "image/png", bytes: item.bytes } };
    },
  ],
  ["a value that cannot be stored", () => ({ ...makeItem("bad"), bytes: (() => 0) as never })],
];

test.each(faulty)("%s in a batch: nothing of the batch goes in", async (_, makeFaulty) => {
  const database = await openWithProjects();
  await addItems(database, project, [makeItem("before", { label: makeEvent(7) })]);
  const batch = [makeItem("a", { label: makeEvent(8) }), makeFaulty(), makeItem("b")];
  await expect(addItems(database, project, batch)).rejects.toThrow();
  expect(await rowsOf(database)).toEqual([[0, "before"]]);
  expect(await loadContent(database, project, "a" as ItemId)).toBeNull();
  expect((await loadEvents(database, project)).map(({ id }) => id)).toEqual(["000007"]);
  await addItems(database, project, [makeItem("after")]);
  expect(await rowsOf(database)).toEqual([
    [0, "before"],
    [1, "after"],
  ]);
});

test("two connections that add at the same time share no row and lose nothing", async () => {
  const name = unusedName();
  const [one, two] = [await openWithProjects([project], name), await openFresh(name)];
  const batches = Array.from({ length: 20 }, (_, batch) =>
    // Every item is in two batches, which two connections add.
    Array.from({ length: 5 }, (_, place) => makeItem(`item ${Math.floor(batch / 2)} ${place}`)),
  );
  const results = await Promise.all(
    batches.map((batch, at) => addItems(at % 2 === 0 ? one : two, project, batch)),
  );
  const rows = await rowsOf(one);
  expect(rows.map(([row]) => row)).toEqual(Array.from({ length: 50 }, (_, row) => row));
  expect(new Set(rows.map(([, item]) => item)).size).toBe(50);
  expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(50);
  expect(results.reduce((sum, { duplicates }) => sum + duplicates.length, 0)).toBe(50);
});

test("short texts lie with their items, long ones apart; both come back, and so do those of older pages", async () => {
  const database = await openWithProjects();
  const long = "é".repeat(3000);
  const textItem = (name: string, text: string) => ({
    ...makeItem(name),
    bytes: new TextEncoder().encode(text).buffer,
  });
  await addItems(database, project, [textItem("short", "\ufeffKurz ☂"), textItem("long", long)]);
  const items = await loadItems(database, project, 0, 2);
  // As an older page left it.
  await addItems(database, project, [textItem("old", long)]);
  expect(items.map(({ text }) => text)).toEqual(["\ufeffKurz ☂", undefined]);
  expect(await database.count("contents")).toBe(2);
  const all = (await loadItemsAt(database, project, [2, 9, 0, 1])).filter((item) => item !== null);
  expect(await textsOf(database, all)).toEqual([long, "\ufeffKurz ☂", long]);
  const read = (bytes: ArrayBuffer | null) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes!);
  expect(read(await contentOf(database, items[0]!))).toBe("\ufeffKurz ☂");
  expect(read(await contentOf(database, items[1]!))).toBe(long);
  expect(read((await loadContent(database, project, items[0]!.itemId))!.bytes)).toBe("\ufeffKurz ☂");
});

test("what other connections, an undone batch and older pages stored is known to the next batch", async () => {
  const name = unusedName();
  const [one, two] = [await openWithProjects([project], name), await openFresh(name)];
  const idOf = (number: number) => number.toString(16).padStart(64, "0") as ItemId;
  const make = (number: number): NewItem => {
    const item = makeItem(String(number));
    return { ...item, item: { ...item.item, itemId: idOf(number) } };
  };
  await addItems(one, project, [1, 2].map(make));
  await addItems(two, project, [3, 4].map(make));
  // As an older page left them: no column.
  await one.delete("itemHashes", [project, 2]);
  const faulty = { ...make(6), bytes: (() => 0) as never };
  await expect(addItems(one, project, [make(5), faulty])).rejects.toThrow();
  const added = await addItems(one, project, [4, 5, 1, 5].map(make));
  expect(added).toMatchObject({ added: 1 });
  expect(added.duplicates.map(({ path, of }) => [path, of])).toEqual([
    ["texts/4.txt", "texts/4.txt"],
    ["texts/1.txt", "texts/1.txt"],
    ["texts/5.txt", "texts/5.txt"],
  ]);
  // Deleted and opened again from a bundle: the same id, other items.
  await deleteProject(two, project);
  await saveProject(two, makeProject("text", project));
  expect(await addItems(one, project, [1, 2].map(make))).toMatchObject({ added: 2 });
  await deleteProject(two, project);
  await saveProject(two, makeProject("text", project));
  await addItems(two, project, [7, 8, 9].map(make));
  expect(await addItems(one, project, [1, 8].map(make))).toMatchObject({ added: 1 });
});

test("items with labels are written as durably as labels are", async () => {
  const database = await openWithProjects();
  const modes: unknown[] = [];
  const watched = new Proxy(database, {
    get(target, key) {
      if (key !== "transaction") return Reflect.get(target, key) as unknown;
      return (...args: Parameters<IDBDatabase["transaction"]>) => {
        modes.push(args[2]?.durability);
        return (target.transaction as (...args: unknown[]) => unknown)(...args);
      };
    },
  });
  await addItems(watched, project, [makeItem("a")]);
  await addItems(watched, project, [makeItem("b"), makeItem("c", { label: makeEvent(1) })]);
  expect(modes).toEqual(["relaxed", "strict"]);
});

test("several items' bytes come in one go, in the order asked for, and an item is found by its hash", async () => {
  const database = await openWithProjects();
  await addItems(
    database,
    project,
    ["a", "b", "c"].map((name) => makeItem(name)),
  );
  const found = await loadContents(database, project, ["c", "gone", "a"] as ItemId[]);
  expect(found.map((content) => content && new TextDecoder().decode(content.bytes))).toEqual([
    "c",
    null,
    "a",
  ]);
  const [item, missing] = await findItems(database, project, ["b", "nobody"] as ItemId[]);
  expect(item?.row).toBe(1);
  expect(missing).toBeNull();
  expect(await findItems(database, projectId("other"), ["b" as ItemId])).toEqual([null]);
  // A connection that has stored nothing itself.
  expect((await findItems(await openFresh(database.name), project, ["a" as ItemId]))[0]?.row).toBe(0);
});

test("the hashes of all rows come from their columns, from any row on, and are the items' own", async () => {
  const database = await openWithProjects();
  const idOf = (number: number) => number.toString(16).padStart(64, "0") as ItemId;
  const make = (number: number): NewItem => {
    const one = makeItem(String(number));
    return { ...one, item: { ...one.item, itemId: idOf(number) } };
  };
  for (const batch of [[1, 2, 3], [3], [4], [5, 6]]) await addItems(database, project, batch.map(make));
  const read = async (from: number, to: number) => {
    const index = new ItemIndex();
    await loadItemHashes(database, project, from, to, (hashes) => index.append(hashes));
    return Array.from({ length: index.length }, (_, row) => index.idOf(row));
  };
  expect(await read(0, 6)).toEqual([1, 2, 3, 4, 5, 6].map(idOf));
  expect(await read(3, 6)).toEqual([4, 5, 6].map(idOf));
  // As an older page left them: rows without a column are read from the items.
  await database.delete("itemHashes", [project, 3]);
  expect(await read(0, 6)).toEqual([1, 2, 3, 4, 5, 6].map(idOf));
  await database.clear("itemHashes");
  expect(await read(0, 6)).toEqual([1, 2, 3, 4, 5, 6].map(idOf));
});
